/**
 * Takes the text that Jest prints for a failed file apart into its tests.
 *
 * Only that text has code frames and paths below the root: `failureMessages` of a test are bare stacks, and the sources
 * are not at hand when a run is merged elsewhere.
 */
import { colorCode } from './escape-codes';

/** As much of a failed test as names it. */
export interface FailedTest {
  readonly titles: readonly string[];
  /** Bare stacks, one for each error. */
  readonly failureMessages: readonly string[];
}

const bullet = '  ● ';
// Jest's own separator, `ANCESTRY_SEPARATOR` of jest-message-util in 29.7 and 30.5.
const separator = ' › ';

/**
 * The messages of each failed test, in the order of `tests`; bare stacks where the text cannot be taken apart.
 *
 * @param text `failureMessage` of the file's result: for each error of each failed test, in this order, a title line and
 *   the message.
 */
export function splitFailures(text: string, tests: readonly FailedTest[]): (readonly string[])[] {
  const lines = text.split('\n');
  const plain = lines.map((line) => line.replace(colorCode, '').trimEnd());
  const starts: number[] = [];
  const bodies: number[] = [];
  let from = 0;
  for (const { titles, failureMessages } of tests) {
    // A title may hold a line feed; its first line is enough to find it, because the order is known.
    const titleLines = (bullet + titles.join(separator)).split('\n');
    const title = titleLines[0]?.trimEnd() ?? bullet;
    for (let error = 0; error < failureMessages.length; error++) {
      const start = plain.indexOf(title, from);
      if (start === -1) return tests.map((test) => test.failureMessages);
      starts.push(start);
      from = start + titleLines.length;
      bodies.push(from);
    }
  }
  const blocks = bodies.map((body, index) => trimBlankLines(lines.slice(body, starts[index + 1])));
  let next = 0;
  return tests.map(({ failureMessages }) => {
    const own = blocks.slice(next, next + failureMessages.length);
    next += failureMessages.length;
    return own;
  });
}

/** The text of a file that failed as a whole, without its title line. */
export function fileFailure(text: string): string {
  const lines = text.split('\n');
  const first = lines[0]?.replace(colorCode, '') ?? '';
  return trimBlankLines(first.startsWith(bullet) ? lines.slice(1) : lines);
}

function trimBlankLines(lines: readonly string[]): string {
  const isText = (line: string) => line.replace(colorCode, '').trim() !== '';
  const first = lines.findIndex(isText);
  const last = lines.findLastIndex(isText);
  return first === -1 ? '' : unindent(lines.slice(first, last + 1)).join('\n');
}

const indent = new RegExp(`^((?:${colorCode.source})*) {4}`);

/** Jest indents all it prints of a failure by four; on a phone that is a tenth of the line. */
function unindent(lines: readonly string[]): readonly string[] {
  const isBlank = (line: string) => line.replace(colorCode, '').trim() === '';
  if (!lines.every((line) => isBlank(line) || indent.test(line))) return lines;
  return lines.map((line) => line.replace(indent, '$1'));
}
