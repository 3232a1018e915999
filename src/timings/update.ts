/**
 * Folding new results into the store.
 *
 * Durations are noisy, and every change of a stored duration may move files between nodes and is a line in somebody's
 * diff. So a new duration within 20 % of the stored one changes nothing at all; otherwise the stored value moves by 30 %
 * of the difference. Noise belongs here: quantising inside the assignment was measured to worsen the balance without
 * moving less.
 */
import { DistributedError } from '../errors';
import { fileKey, type TestFile } from '../plan/item';
import { emptyFileTimings, type FileTimings, noTests, type TestDurations, type Timings } from './timings';

/** A hundred days: what a clock says that jumped, or a runner that counts in other units. */
const LONGEST_MS = 8.64e9;

/** What one execution of a whole file took. */
export interface FileDuration {
  readonly project: string | null;
  /** As in `TestFile`. */
  readonly path: string;
  /** Wall time, from the start of the file to its result. */
  readonly durationMs: number;
  /** Tests that ran, by full name; a name may come several times. Absent where they are not known. */
  readonly tests?: readonly { readonly name: string; readonly durationMs: number }[];
  /** False where any test failed, or the file did. */
  readonly ok: boolean;
}

/** Weight of the newest measurement in the mean. */
export const NEWEST_WEIGHT = 0.3;
/** A measurement within this share of the stored value is noise. */
export const DEAD_BAND = 0.2;

/**
 * Folds the results of one run into the store, each file at most once; the order of the results does not matter.
 *
 * What counts: a file that passed. A file that failed is believed only where nothing is known yet and tests of it did
 * run: crashing at load, stopping at a failed assertion or waiting for a timeout says little about the usual duration.
 * A duration that is negative, no number or longer than a hundred days (a clock that was set) was not measured and counts as absent. Tests
 * that a passing file no longer has are dropped.
 *
 * @param workers Jest workers a node ran with, where known
 * @throws DistributedError TIMINGS_DOUBLED where one file has two results
 */
export function foldDurations(
  timings: Timings,
  results: readonly FileDuration[],
  { workers = timings.workers }: { readonly workers?: number | null } = {},
): Timings {
  const files = new Map(timings.files);
  const seen = new Set<string>();
  for (const result of results) {
    const key = fileKey(result);
    if (seen.has(key)) throw doubled(result);
    seen.add(key);
    const stored = files.get(key) ?? emptyFileTimings(result);
    if (believable(result, stored)) files.set(key, foldFile(stored, result));
  }
  return { ...timings, workers, files };
}

/**
 * Forgets files that are gone.
 *
 * @param found EVERY file that any run which shares this store can find: under a filter, or for one of two Jest runs
 * that share it, the list is not complete and the others would be deleted
 */
export function pruneTimings(
  timings: Timings,
  found: readonly TestFile[],
): { readonly timings: Timings; readonly pruned: readonly TestFile[] } {
  const keep = new Set(found.map((file) => fileKey(file)));
  const files = new Map<string, FileTimings>();
  const pruned: TestFile[] = [];
  for (const [key, file] of timings.files) {
    if (keep.has(key)) files.set(key, file);
    else pruned.push({ project: file.project, path: file.path });
  }
  return { timings: { ...timings, files }, pruned };
}

function believable({ ok, tests, durationMs }: FileDuration, stored: FileTimings): boolean {
  if (!isMeasured(durationMs)) return false;
  return ok || (stored.durationMs === null && tests !== undefined && tests.length > 0);
}

function foldFile(stored: FileTimings, { durationMs, tests: newTests }: FileDuration): FileTimings {
  const tests = newTests === undefined ? stored.tests() : foldTests(stored.tests(), newTests);
  return {
    ...stored,
    // No file takes no time; its start alone is more.
    durationMs: Math.max(1, foldDuration(stored.durationMs ?? undefined, durationMs)),
    tests: () => tests,
    testCount: tests.size,
  };
}

function foldTests(stored: TestDurations, tests: NonNullable<FileDuration['tests']>): TestDurations {
  const sums = new Map<string, number>();
  for (const { name, durationMs } of tests) {
    if (isMeasured(durationMs)) sums.set(name, (sums.get(name) ?? 0) + durationMs);
  }
  if (sums.size === 0) return noTests;
  return new Map([...sums].map(([name, durationMs]) => [name, foldDuration(stored.get(name), durationMs)]));
}

function foldDuration(storedMs: number | undefined, newMs: number): number {
  if (storedMs === undefined) return Math.round(newMs);
  if (Math.abs(newMs - storedMs) <= DEAD_BAND * storedMs) return storedMs;
  return Math.round((1 - NEWEST_WEIGHT) * storedMs + NEWEST_WEIGHT * newMs);
}

function isMeasured(durationMs: number): boolean {
  return durationMs >= 0 && durationMs <= LONGEST_MS;
}

function doubled({ project, path }: TestFile): DistributedError {
  return new DistributedError({
    code: 'TIMINGS_DOUBLED',
    message: `There are two results of ${path}${project === null ? '' : ` (project ${project})`} in one run, so its duration is unknown.`,
    remedy: 'Import one accepted result per file; "npx jest-distributed verify" names tests that ran twice.',
  });
}
