/**
 * Finds our files in a report that was written elsewhere: another machine, another folder, another system.
 *
 * A single path means little (every package has its `src/index.test.ts`), but all paths of a report were written by one
 * checkout. So each path that ends like exactly one of our files votes for how the report's folders translate to ours,
 * and the most frequent translation is applied to all. What it does not lead to a file is reported, never guessed.
 */
import type { TestFile } from '../plan/item';
import { compareText } from './timings';

/** A file that a run here can find. */
export interface KnownFile {
  readonly file: TestFile;
  /** POSIX path relative to the root of the run (for one project without a rootDir of its own: equal to its path). */
  readonly location: string;
}

/** Why a path of a report is none of our files. */
export type Unlocated =
  /** No file is there. */
  | 'unknown'
  /** Several projects have this file, or the report fits two places here equally well. */
  | 'ambiguous';

/** Says where a path of the report is here. */
export type Locate = (reportedPath: string) => TestFile | Unlocated;

interface Translation {
  /** Leading folders there, and what stands for them here; either may be empty. */
  readonly there: string;
  readonly here: string;
}

/**
 * @param reportedPaths all paths of one report; whatever in them is no path does no harm
 * @param root where the report says, or the user knows, that its checkout was; its paths are then not voted on
 */
export function locateFiles(reportedPaths: Iterable<string>, known: readonly KnownFile[], root?: string): Locate {
  const byLocation = new Map<string, TestFile[]>();
  for (const { file, location } of known) {
    const there = byLocation.get(location);
    if (there === undefined) byLocation.set(location, [file]);
    else there.push(file);
  }
  const rootFolder = root === undefined ? undefined : normalizePath(root);
  const inRoot = (path: string): string | undefined => {
    if (byLocation.has(path)) return path;
    return rootFolder === undefined ? undefined : under(rootFolder, path);
  };
  const strangers = new Set<string>();
  for (const reported of reportedPaths) {
    const path = normalizePath(reported);
    if (inRoot(path) === undefined) strangers.add(path);
  }
  const translation = electTranslation(strangers, endings(byLocation.keys()));

  return (reportedPath) => {
    const path = normalizePath(reportedPath);
    const location = inRoot(path) ?? (translation === 'ambiguous' ? undefined : translate(path, translation));
    const files = location === undefined ? undefined : byLocation.get(location);
    if (files !== undefined) return files.length === 1 && files[0] !== undefined ? files[0] : 'ambiguous';
    return location === undefined && translation === 'ambiguous' ? 'ambiguous' : 'unknown';
  };
}

/** POSIX separators, no `./`, Unicode NFC. */
function normalizePath(path: string): string {
  const posix = /^[A-Za-z]:[\\/]/.test(path) || !path.includes('/') ? path.replaceAll('\\', '/') : path;
  return posix
    .normalize('NFC')
    .replace(/^(?:\.\/)+/, '')
    .replace(/(?<=.)\/+$/, '');
}

/** A tree of our locations, read from their ends. */
interface Ending {
  /** The one location that ends like this; null where there are several. */
  only: string | null;
  /** The location that this is all of, where there is one. */
  whole: string | null;
  readonly before: Map<string, Ending>;
}

function endings(locations: Iterable<string>): Ending {
  const root: Ending = { only: null, whole: null, before: new Map() };
  for (const location of locations) {
    let ending = root;
    for (const segment of location.split('/').reverse()) {
      let next = ending.before.get(segment);
      if (next === undefined) {
        next = { only: location, whole: null, before: new Map() };
        ending.before.set(segment, next);
      } else {
        next.only = null;
      }
      ending = next;
    }
    ending.whole = location;
  }
  return root;
}

function electTranslation(paths: Iterable<string>, root: Ending): Translation | 'ambiguous' | undefined {
  const votes = new Map<string, { readonly translation: Translation; count: number }>();
  for (const path of paths) {
    const translation = translationOf(path, root);
    if (translation === undefined) continue;
    const key = `${translation.there}\0${translation.here}`;
    const vote = votes.get(key);
    if (vote === undefined) votes.set(key, { translation, count: 1 });
    else vote.count++;
  }
  const [first, second] = [...votes.values()].sort(
    (a, b) => b.count - a.count || compareText(a.translation.there, b.translation.there),
  );
  if (first === undefined) return undefined;
  return second?.count === first.count ? 'ambiguous' : first.translation;
}

/** From the longest ending that a path shares with our files, where only one file has it. */
function translationOf(path: string, root: Ending): Translation | undefined {
  const segments = path.split('/');
  let ending = root;
  let shared = 0;
  while (shared < segments.length) {
    const next = ending.before.get(segments[segments.length - 1 - shared] ?? '');
    if (next === undefined) break;
    ending = next;
    shared++;
  }
  const location = ending.whole ?? ending.only;
  if (location === null) return undefined;
  const here = location.split('/');
  return {
    there: segments.slice(0, segments.length - shared).join('/'),
    here: here.slice(0, here.length - shared).join('/'),
  };
}

function translate(path: string, translation: Translation | undefined): string | undefined {
  if (translation === undefined) return undefined;
  const rest = translation.there === '' && !path.startsWith('/') ? path : under(translation.there, path);
  if (rest === undefined) return undefined;
  return translation.here === '' ? rest : `${translation.here}/${rest}`;
}

function under(folder: string, path: string): string | undefined {
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
}
