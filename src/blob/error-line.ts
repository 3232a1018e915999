/**
 * An error in one line: its first line, and of a failed `expect` what was compared.
 */

const COLOURS = ['\\x1b', String.raw`\[[\d;:]*m`].join('');
const COLOUR = new RegExp(COLOURS, 'g');

/** Longer lines are code that a transform quoted, or whole documents that were compared. */
const LONGEST = 200;

/** What a matcher compared stands on lines of its own below its first line, or in the lines of a difference. */
const COMPARED = /^(?:Expected|Received)\b[^:]*: .+|^[-+] {2,}\S/;

const MOST_COMPARED = 2;

const isFrame = (line: string): boolean => /^at .+/.test(line);

/**
 * @param text a message, a stack, or what Jest prints of a failure, with or without colours.
 * @returns never empty.
 */
export function errorLine(text: string): string {
  const lines = text
    .slice(0, 20_000)
    .replace(COLOUR, '')
    .split('\n')
    .map((line) => line.trim());
  const first = lines.findIndex((line) => line !== '' && !line.startsWith('● ') && !isFrame(line));
  if (first === -1) return 'no error was given';
  const head = lines[first] as string;
  // The first error alone: what follows its stack is of another one.
  const end = lines.findIndex((line, index) => index > first && isFrame(line));
  const own = lines.slice(first + 1, end === -1 ? undefined : end);
  const compared = /expect\(/.test(head) ? own.filter((line) => COMPARED.test(line)).slice(0, MOST_COMPARED) : [];
  const line =
    compared.length === 0 ? head : `${head.replace(/ \/\/ .*$/, '')} ${compared.join(' ').replace(/ {2,}/g, ' ')}`;
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
