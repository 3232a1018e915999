/** Commands as people copy them out of a terminal. */
import { quoteWord, type Shell } from '../../shell/quote';
import { runnerWords } from '../../shell/runner';
import type { Terminal } from './terminal';
import { cellWidth, chop } from './text-width';

/** Sign at the end of a line that goes on. */
const CONTINUATION: Readonly<Record<Shell, string>> = { posix: '\\', cmd: '^' };

/**
 * A command that can be copied into the terminal's shell, over as many lines as it needs.
 *
 * In cmd.exe a word cannot be broken, so one that is wider than a line stays whole there.
 */
export function commandLines(words: readonly string[], terminal: Terminal, indent = '  '): string[] {
  const { shell = 'posix', runner = 'npx' } = terminal;
  // Two cells stay free for the sign.
  const room = terminal.columns - 2;
  const lines: string[] = [];
  let line = '';
  for (const word of runnerWords(words, runner)) {
    const [first = '', ...others] = quotedPieces(word, room - indent.length, shell);
    if (line === '') line = indent + first;
    else if (cellWidth(`${line} ${first}`) <= room) line += ` ${first}`;
    else {
      lines.push(`${line} ${CONTINUATION[shell]}`);
      line = indent + first;
    }
    for (const piece of others) {
      lines.push(`${line}\\`);
      // Blanks here would end the word.
      line = piece;
    }
  }
  return line === '' ? lines : [...lines, line];
}

/** A word as pieces that a shell joins to it again; one piece unless it is wider than a line. */
function quotedPieces(word: string, room: number, shell: Shell): string[] {
  const quoted = quoteWord(word, shell);
  if (shell === 'cmd' || cellWidth(quoted) <= room) return [quoted];
  if (quoted === word) return chop(word, room);
  // Two quotation marks enclose each piece, and one inside takes four cells.
  const pieceRoom = word.includes("'") ? Math.floor((room - 2) / 4) : room - 2;
  return chop(word, Math.max(1, pieceRoom)).map((piece) => quoteWord(piece, shell));
}

/** A command with what it is for. */
export interface NamedCommand {
  /** `the failed test`, as the end of "to rerun …". */
  readonly what: string;
  /** Unquoted; the first is `npx`. */
  readonly words: readonly string[];
}

/** Each below the line that says what it runs again. */
export function repeatLines(commands: readonly NamedCommand[], terminal: Terminal): string[] {
  return commands.flatMap(({ what, words }) => [`  to rerun ${what}:`, ...commandLines(words, terminal, '    ')]);
}
