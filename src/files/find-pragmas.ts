/**
 * Finds the few test files that carry a mark among the many that do not.
 *
 * Reading 10,000 files takes Node a third of a second, on every node of every run; git, which runs beside and reads with
 * several threads, takes none of this process's time. Both give the same answer: what git does not look at (ignored
 * files, submodules, folders outside of the repository) is read here.
 */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { MARK } from '../plan/pragmas';
import { filesWithout, indexBytes } from './git';

// Below this, reading takes less than starting git.
const FEW = 400;
// What the index of a repository with so many files has at least.
const fewBytes = FEW * 60;

/** Files without the mark, by POSIX path relative to the root that was searched; undefined where git cannot tell. */
export type Unmarked = Promise<ReadonlySet<string> | undefined>;

/**
 * Starts the search before anybody knows the test files, among those that these git pathspecs mean. A wrong guess costs
 * time only: what was not searched is read. Undefined where there are too few files to gain from it.
 */
export function startSearch(root: string, pathspecs: readonly string[]): Unmarked | undefined {
  return indexBytes(root) < fewBytes ? undefined : filesWithout(root, MARK, pathspecs);
}

/**
 * Texts of the files that contain the mark anywhere, by their place in the list.
 *
 * @param rootPaths POSIX paths relative to `root` (Unicode NFC).
 * @param testPaths absolute paths as the file system has them, in the same order.
 * @param started what `startSearch` found in this root, where it ran.
 */
export async function findMarkedTexts(
  root: string,
  rootPaths: readonly string[],
  testPaths: readonly string[],
  started?: Unmarked,
): Promise<Map<number, string>> {
  const without = await started;
  let left = placesLeft(rootPaths, without);
  if (left.length >= FEW) {
    const pathspecs = [...new Set(left.map((index) => suffixOf(rootPaths[index] as string)))];
    const others = await filesWithout(root, MARK, pathspecs);
    left = left.filter((index) => !others?.has(rootPaths[index] as string));
  }
  const texts = new Map<number, string>();
  for (const index of left) {
    const text = readIfMarked(testPaths[index] as string);
    if (text !== undefined) texts.set(index, text);
  }
  return texts;
}

/** Where in the list those files are of which it is not known that they are unmarked. */
function placesLeft(rootPaths: readonly string[], without: ReadonlySet<string> | undefined): number[] {
  const left: number[] = [];
  for (let index = 0; index < rootPaths.length; index++) {
    if (!without?.has(rootPaths[index] as string)) left.push(index);
  }
  return left;
}

/** What follows the first dot of the name, as a pathspec: `*.test.js`. */
function suffixOf(file: string): string {
  const name = file.slice(file.lastIndexOf('/') + 1);
  const dot = name.indexOf('.', 1);
  return escapePathspec(dot < 0 ? name : name.slice(dot));
}

// Signs of git's own globs.
const escapePathspec = (text: string): string => `*${text.replace(/[\\*?[\]]/g, '\\$&')}`;

// One for all files: where there is no git these are thousands.
const buffer = Buffer.allocUnsafe(32_768);

function readIfMarked(file: string): string | undefined {
  let bytes: Buffer;
  try {
    bytes = readSmall(file) ?? readFileSync(file);
  } catch {
    // Jest found it a moment ago, and says better than we do that it cannot be read.
    return undefined;
  }
  return bytes.includes(MARK) ? bytes.toString('utf8') : undefined;
}

/** The content, until the next call; undefined where it does not fit. Half the time of `readFileSync`. */
function readSmall(file: string): Buffer | undefined {
  const descriptor = openSync(file, 'r');
  try {
    let length = 0;
    for (let read = 1; read > 0 && length < buffer.length; length += read) {
      read = readSync(descriptor, buffer, length, buffer.length - length, null);
    }
    return length < buffer.length ? buffer.subarray(0, length) : undefined;
  } finally {
    closeSync(descriptor);
  }
}
