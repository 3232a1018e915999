/** How a file, or a test in it, is called in a table. */
import type { TestFile } from '../../plan/item';
import { signsOf, type Terminal } from '../terminal/terminal';
import { cellWidth, cutEnd, cutStart, printable } from '../terminal/text-width';

export interface FileOrTest {
  readonly file: TestFile;
  /** Full name of the test; null for the whole file. */
  readonly test: string | null;
}

/** Cut to a width: the end of a path and the start of a test's name say most. */
export function fileOrTestName({ file, test }: FileOrTest, width: number, terminal: Terminal): string {
  if (test === null) return fileName(file, width, terminal);
  const { ellipsis, pointer } = signsOf(terminal);
  const between = ` ${pointer} `;
  const whole = fileName(file, Number.POSITIVE_INFINITY, terminal);
  // The name gets what the path leaves, but at least half.
  const nameWidth = Math.max(Math.ceil(width / 2), width - cellWidth(whole) - between.length);
  const name = cutEnd(printable(test), nameWidth, ellipsis);
  return fileName(file, width - cellWidth(name) - between.length, terminal) + between + name;
}

function fileName({ project, path }: TestFile, width: number, terminal: Terminal): string {
  const { ellipsis, pointer } = signsOf(terminal);
  const prefix = project === null ? '' : `${printable(project)} ${pointer} `;
  const room = width - cellWidth(prefix);
  // A short project name is worth keeping where the path has to be cut.
  return room > (2 * width) / 3
    ? prefix + cutStart(printable(path), room, ellipsis)
    : cutStart(prefix + printable(path), width, ellipsis);
}
