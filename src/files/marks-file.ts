/**
 * Finds the few test files that carry a mark among the many that do not.
 *
 * Reading 10,000 files takes Node a third of a second, on every node of every run; git, which runs beside and reads with
 * several threads, takes none of this process's time. Both give the same answer: what git does not look at (ignored
 * files, submodules, folders outside of the repository) is read here.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { MARK } from '../plan/marks';
import { filesContaining } from './git';

// Below this, reading takes less than starting git.
const FEW = 400;

/**
 * Texts of the files that contain the mark anywhere, by their place in the list.
 *
 * @param rootPaths POSIX paths relative to `root`.
 */
export async function findMarkedTexts(root: string, rootPaths: readonly string[]): Promise<Map<number, string>> {
  const searched =
    rootPaths.length < FEW ? undefined : await filesContaining(root, MARK, [...new Set(rootPaths.map(suffixOf))]);
  const texts = new Map<number, string>();
  rootPaths.forEach((file, index) => {
    if (searched?.searched.has(file) && !searched.matched.has(file)) return;
    const text = readIfMarked(path.join(root, file));
    if (text !== undefined) texts.set(index, text);
  });
  return texts;
}

/** What follows the first dot of the name, as a pathspec: `*.test.js`. */
function suffixOf(file: string): string {
  const name = file.slice(file.lastIndexOf('/') + 1);
  const dot = name.indexOf('.', 1);
  return escapePathspec(dot < 0 ? name : name.slice(dot));
}

// Signs of git's own globs.
const escapePathspec = (text: string): string => `*${text.replace(/[\\*?[\]]/g, '\\$&')}`;

function readIfMarked(file: string): string | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    // Jest found it a moment ago, and says better than we do that it cannot be read.
    return undefined;
  }
  return bytes.includes(MARK) ? bytes.toString('utf8') : undefined;
}
