/**
 * The marks of all files of a run: in the files themselves, and by globs in the options.
 */
import { findMarkedTexts } from '../files/marks-file';
import type { Options } from '../options/resolve';
import { combineMarks, type FileMark, type Mark, parseMarks } from '../plan/marks';
import { takeAhead } from './head-start';
import { findHost } from './host';
import type { FoundFiles } from './knowledge';

type Matcher = (path: string) => boolean;

interface GlobMark {
  readonly mark: Mark;
  readonly isMatch: Matcher;
}

/**
 * What is marked, by place in the list of files.
 *
 * @throws DistributedError `MARK_UNKNOWN` or `MARKS_CONTRADICT`.
 */
export async function findMarks(
  { root, rootPaths, testPaths }: FoundFiles,
  options: Options,
): Promise<Map<number, FileMark>> {
  const texts = await findMarkedTexts(root, rootPaths, testPaths, takeAhead('unmarked', root));
  const globs = globMarks(root, options);
  const found = new Map<number, FileMark>();
  if (texts.size === 0 && globs.length === 0) return found;
  rootPaths.forEach((file, index) => {
    const text = texts.get(index);
    if (text === undefined && globs.length === 0) return;
    const own = text === undefined ? [] : parseMarks(text, file);
    const byGlob = globs.filter(({ isMatch }) => isMatch(file)).map(({ mark }) => mark);
    const combined = combineMarks([...own, ...byGlob], file);
    if (combined !== undefined) found.set(index, combined);
  });
  return found;
}

/** Whether the options mark files, whatever stands in them. */
export function hasGlobMarks({ split, together, group }: Options): boolean {
  return [split, together, group].some((given) => (given?.value.length ?? 0) > 0);
}

function globMarks(root: string, { split, together, group }: Options): GlobMark[] {
  const given = [
    ...(split?.value ?? []).map((glob) => ({ kind: 'split', group: null, glob, source: split?.source }) as const),
    ...(together?.value ?? []).map(
      (glob) => ({ kind: 'together', group: null, glob, source: together?.source }) as const,
    ),
    ...(group?.value ?? []).map((text) => {
      const at = text.indexOf('=');
      return { kind: 'group', group: text.slice(0, at), glob: text.slice(at + 1), source: group?.source } as const;
    }),
  ];
  if (given.length === 0) return [];
  // The globs that people know from their Jest config, read by the same code.
  const { globsToMatcher } = findHost(root).load<{ globsToMatcher: (globs: string[]) => Matcher }>('jest-util');
  return given.map(({ kind, group: name, glob, source }) => ({
    mark: { kind, group: name, source: `${glob} from ${source}` },
    // As the paths are.
    isMatch: globsToMatcher([glob.normalize('NFC')]),
  }));
}
