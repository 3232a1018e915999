/** How a message to people is broken into lines, with commands whole: broken by us they would no longer run. */

import { withUnbrokenCommands } from './unbroken';

const COMMAND = '(?:(?:npx|pnpm exec|yarn(?: --)?|bunx) jest(?:-distributed)?|git checkout|npm install|createdb) .*';
const AT_END = new RegExp(`: (${COMMAND})$`, 'gm');
const WHOLE = new RegExp(String.raw`^\s*${COMMAND}$`);

/** Commands at the end of a line get one of their own. */
export const commandsApart = (text: string, indent: string): string =>
  text.replace(AT_END, (_, command: string) => `:\n${indent}${command}`);

/** Width where lines are broken by nobody else, as in the log of a CI. */
const DEFAULT_COLUMNS = 80;

/** Breaks one line at its blanks; a word that is wider than a line stays whole. */
function breakLine(line: string, columns: number, others: string): string[] {
  return withUnbrokenCommands(line, columns - others.length, (glued) => breakGlued(glued, columns, others));
}

function breakGlued(line: string, columns: number, others: string): string[] {
  const lines: string[] = [];
  let open = /^\s*/.exec(line)?.[0] ?? '';
  let isEmpty = true;
  for (const word of line.trim().split(' ')) {
    if (!isEmpty && open.length + 1 + word.length > columns) {
      lines.push(open);
      open = others;
      isEmpty = true;
    }
    open += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, open];
}

/**
 * A message as lines. Those that are indented further than a remedy is are lists, or output of another program, and stay
 * as they are.
 *
 * @param columns cells of a line; null where whoever shows the text breaks its lines, and a search should find it whole.
 */
export function messageLines(text: string, columns: number | null): string[] {
  const isWide = (line: string) => line.length > (columns ?? DEFAULT_COLUMNS);
  const apart = text.split('\n').flatMap((line) => (isWide(line) ? commandsApart(line, '    ').split('\n') : [line]));
  if (columns === null) return apart;
  return apart.flatMap((line) => {
    const indent = /^\s*/.exec(line)?.[0].length ?? 0;
    if (!isWide(line) || indent > 2 || WHOLE.test(line)) return [line];
    return breakLine(line, columns, indent === 0 ? '  ' : '    ');
  });
}

/** An error of ours in what a process printed: from its fact with the code to the command that explains it. */
const PRINTED_ERROR = /^jest-distributed: .* \[[A-Z_]+\](?:\n.*)*?\n {2}More: .*$/gm;

/** Breaks the lines of our errors in the output of a process that had no terminal, and leaves all others. */
export const breakPrintedErrors = (output: string, columns: number | null): string =>
  output.replace(PRINTED_ERROR, (error) => messageLines(error, columns).join('\n'));

/** Columns of the terminal that errors are printed to; null where they go elsewhere. */
export function errorColumns({
  isTTY,
  columns,
}: {
  readonly isTTY?: boolean;
  readonly columns?: number;
}): number | null {
  return isTTY === true && columns ? Math.max(40, columns) : null;
}
