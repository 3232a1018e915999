/**
 * The pragmas of all files of a run: in the files themselves, and by globs in the options.
 */
import { DistributedError } from '../../errors';
import { hasFile } from '../../files/any-file';
import { findPragmaTexts } from '../../files/find-pragmas';
import type { Options } from '../../options/resolve';
import { combinePragmas, type FilePragma, type Pragma, parsePragmas } from '../../plan/pragmas';
import { resolveJest } from '../host/resolve-jest';
import type { FoundFiles } from './timings-source';

type Matcher = (path: string) => boolean;

interface GlobPragma {
  readonly pragma: Pragma;
  readonly glob: string;
  /** Where it was given: a flag, a variable, a file. */
  readonly source: string;
  readonly isMatch: Matcher;
}

/**
 * Pragmas, by place in the list of files.
 *
 * @throws DistributedError `PRAGMA_UNKNOWN`, `PRAGMAS_CONTRADICT` or `GLOB_FITS_NOTHING`.
 */
export function findPragmas(files: FoundFiles, options: Options): Map<number, FilePragma> {
  const { root, rootPaths, testPaths } = files;
  const globs = globPragmas(root, options);
  for (const one of idleGlobs(files, globs)) if (isMistake(one, root)) throw fitsNothing(one, files);
  const texts = findPragmaTexts(testPaths);
  const found = new Map<number, FilePragma>();
  if (texts.size === 0 && globs.length === 0) return found;
  rootPaths.forEach((file, index) => {
    const text = texts.get(index);
    if (text === undefined && globs.length === 0) return;
    const own = text === undefined ? [] : parsePragmas(text, file);
    const byGlob = globs.filter(({ isMatch }) => isMatch(file)).map(({ pragma }) => pragma);
    const combined = combinePragmas([...own, ...byGlob], file);
    if (combined !== undefined) found.set(index, combined);
  });
  return found;
}

/** Globs that fit no test file, where the whole list is known: a filter may leave out what they are for. */
function idleGlobs({ rootPaths, isFiltered }: FoundFiles, globs: readonly GlobPragma[]): GlobPragma[] {
  return isFiltered === true ? [] : globs.filter(({ isMatch }) => !rootPaths.some(isMatch));
}

/**
 * A flag or variable is for this very run. A config file may serve several, such as unit and integration tests with a
 * Jest config each; there a glob is a mistake where it fits no file at all.
 */
const isMistake = ({ source, isMatch }: GlobPragma, root: string): boolean =>
  /^(--|JEST_DISTRIBUTED_)/.test(source) || !hasFile(root, isMatch);

function fitsNothing({ glob, source }: GlobPragma, { root, rootPaths }: FoundFiles): DistributedError {
  const name = glob.slice(glob.lastIndexOf('/') + 1);
  const similar = rootPaths.filter((file) => file === name || file.endsWith(`/${name}`));
  return new DistributedError({
    code: 'GLOB_FITS_NOTHING',
    message: `The glob ${glob} (from ${source}) matches none of the ${rootPaths.length} test files that Jest finds.`,
    remedy:
      similar.length > 0
        ? `Did you mean ${similar.slice(0, 3).join(' or ')}?`
        : `Globs are relative to ${root}; see what Jest finds: npx jest --listTests`,
  });
}

/** What a person should know of globs of a config file that fit no test file of this run, a sentence each. */
export function idleGlobNotices(files: FoundFiles, options: Options): string[] {
  return idleGlobs(files, globPragmas(files.root, options)).map(
    ({ glob, source }) => `the glob ${glob} (from ${source}) fits no test file of this run`,
  );
}

function globPragmas(root: string, { split, whole, group }: Options): GlobPragma[] {
  const given = [
    ...(split?.value ?? []).map((glob) => ({ kind: 'split', group: null, glob, source: split?.source }) as const),
    ...(whole?.value ?? []).map((glob) => ({ kind: 'whole', group: null, glob, source: whole?.source }) as const),
    ...(group?.value ?? []).map((text) => {
      const at = text.indexOf('=');
      return { kind: 'group', group: text.slice(0, at), glob: text.slice(at + 1), source: group?.source } as const;
    }),
  ];
  if (given.length === 0) return [];
  // The globs that people know from their Jest config, read by the same code.
  const { globsToMatcher } = resolveJest(root).load<{ globsToMatcher: (globs: string[]) => Matcher }>('jest-util');
  return given.map(({ kind, group: name, glob, source }) => ({
    pragma: { kind, group: name, source: `${glob} from ${source}` },
    // As the paths are.
    isMatch: globsToMatcher([glob.normalize('NFC')]),
    glob,
    source: source ?? 'default',
  }));
}
