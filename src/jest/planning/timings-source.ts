/**
 * What is known about the cost of files, from inputs that every node of the run is sure to share.
 *
 * A timings file or a file size that differs between nodes gives different shares, and a file then falls between two
 * nodes. So durations count only from a file that git tracks unmodified, that the user names, or where one process
 * plans for all; sizes only from git's own objects (checkouts differ in line endings and generated files).
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { DistributedError } from '../../errors';
import { type Folders, shownPath } from '../../files/folders';
import { headSizes, isTrackedAndUnmodified } from '../../files/git';
import { readTimingsFile } from '../../files/timings-file';
import type { NodeIdentity } from '../../node/identity';
import type { Options } from '../../options/resolve';
import type { TestFile } from '../../plan/item';
import type { Timings } from '../../timings/timings';

export const DEFAULT_TIMINGS_PATH = path.join('.jest-distributed', 'timings.json');

export interface FoundFiles {
  readonly root: string;
  readonly folders: Folders;
  /** Every file of the run, in any order. */
  readonly files: readonly TestFile[];
  /** POSIX paths relative to the root (Unicode NFC), in the order of `files`: what git calls them. */
  readonly rootPaths: readonly string[];
  /** Absolute paths as the file system has them, in the same order. */
  readonly testPaths: readonly string[];
  /** Arguments leave files out, so this is not the whole suite; absent: it is. */
  readonly isFiltered?: boolean;
  /** Runners that projects have of their own, in the order of `files`, null for Jest's; absent where all have Jest's. */
  readonly ownRunners?: readonly (string | null)[] | undefined;
}

/** Absolute path of the timings file that is used without being named. */
export function defaultTimings({ projectDir }: Pick<Folders, 'projectDir'>): string {
  return path.join(projectDir, DEFAULT_TIMINGS_PATH);
}

export interface TimingsInUse {
  readonly timings: Timings;
  /** Absolute. */
  readonly path: string;
}

export interface TimingsFacts {
  readonly folders: Folders;
  readonly options: Options;
  readonly identity: NodeIdentity;
  /** One process plans for all nodes, so its inputs need not be shared. */
  readonly plansForAll: boolean;
}

/**
 * @throws DistributedError where the named file is missing or corrupt, or where a re-run would use a timings file
 * that nobody guarantees to be the one of the first attempt.
 */
export async function findTimings(question: TimingsFacts): Promise<TimingsInUse | undefined> {
  const { folders, options, plansForAll } = question;
  const named = options.timings;
  const file = named?.value ?? defaultTimings(folders);
  if (named === undefined && !existsSync(file)) return undefined;
  if (!plansForAll) {
    const tracked = await isTrackedAndUnmodified(file);
    if (named === undefined && !tracked) return undefined;
    if (!tracked) refuseOnRerun(question, file);
  }
  const timings = await readTimingsFile(file, named?.source);
  return timings && { timings, path: file };
}

/**
 * Path of a default timings file that is there but not used, because nobody guarantees that all nodes have the same; or
 * undefined.
 */
export function unusedTimings(
  folders: Pick<Folders, 'projectDir'>,
  options: Options,
  used: TimingsInUse | undefined,
): string | undefined {
  const file = defaultTimings(folders);
  return used === undefined && options.plan === undefined && existsSync(file) ? file : undefined;
}

/** Why `unusedTimings` is not used, without a full stop. */
export const notUsedText = (file: string): string =>
  `${shownPath(file)} is not used: it is not tracked by git, or it is modified, so nodes could have different ones`;

/** A newer cache restored on the second attempt would give other shares, while other nodes keep their first ones. */
function refuseOnRerun({ options, identity }: TimingsFacts, file: string): void {
  if (identity.run.attempt <= 1 || options.expectDigest !== undefined) return;
  throw new DistributedError({
    code: 'TIMINGS_NOT_PINNED',
    message: `This is attempt ${identity.run.attempt} of the run, and the timings file ${file} (from ${options.timings?.source}) is not tracked by git, so the first attempt may have used another one.`,
    remedy:
      'Give the plan of the first attempt with --plan, or its digest with --expect-digest; or commit the timings file.',
  });
}

/** Sizes in bytes by git's HEAD tree, in the order of the files; undefined where git cannot say. */
export async function findSizes({ root, rootPaths }: FoundFiles): Promise<(number | undefined)[] | undefined> {
  const sizes = await headSizes(root);
  return sizes && rootPaths.map((file) => sizes.get(file));
}
