/**
 * The results of the slices of a file → the one result that a run in one worker would have given.
 */
import { addCoverage, mergeSnapshots } from '../../../blob/merge-fields';
import { DistributedError } from '../../../errors';
import type { SplitRecord } from '../../../select/split-record';
import { wholeDuration } from '../../../timings/join-parts';
import type { AssertionResult } from '../selection/circus-types';
import { RECORD_PROPERTY } from '../selection/filter-results';
import { takeWorker } from '../selection/worker-id';
import type { SliceResult } from './slice-types';
import { mergeV8 } from './v8-coverage';

/** The property of a merged result with what the file would have taken in one worker; for timings. */
export const WHOLE_DURATION_PROPERTY = 'jestDistributedWholeMs';

export type MergedResult = SliceResult & { readonly [WHOLE_DURATION_PROPERTY]: number };

interface Slice {
  readonly result: SliceResult;
  readonly record: SplitRecord;
}

/**
 * Merges.
 *
 * @param results one of each slice, in any order; at least one.
 * @throws DistributedError `SLICES_DISAGREE` where the slices saw different tests: then some may have run in none.
 */
export function mergeSlices(testPath: string, results: readonly SliceResult[]): MergedResult {
  const slices = results.flatMap((result): Slice[] => {
    const record = result[RECORD_PROPERTY];
    return record === undefined ? [] : [{ result, record }];
  });
  const [first] = results as [SliceResult];
  // Several workers ran it, so there is none to name.
  for (const result of results) takeWorker(result);
  const sum = (pick: (result: SliceResult) => number): number =>
    results.reduce((total, result) => total + pick(result), 0);
  const consoles = results.flatMap((result) => result.console ?? []);
  const coverages = results.flatMap(({ coverage }) => (coverage === undefined ? [] : [coverage]));
  const v8Coverages = results.flatMap(({ v8Coverage }) => (v8Coverage === undefined ? [] : [v8Coverage]));
  const failed = results.find(({ testExecError }) => testExecError);
  const memory = results.map(({ memoryUsage }) => memoryUsage ?? 0);
  return {
    ...first,
    numFailingTests: sum(({ numFailingTests }) => numFailingTests),
    numPassingTests: sum(({ numPassingTests }) => numPassingTests),
    numPendingTests: sum(({ numPendingTests }) => numPendingTests),
    numTodoTests: sum(({ numTodoTests }) => numTodoTests),
    ...mergeTests(testPath, slices, results),
    ...(consoles.length > 0 && { console: consoles }),
    // A file that does not load fails alike in every slice.
    failureMessage: [...new Set(results.flatMap(({ failureMessage }) => failureMessage || []))].join('\n') || null,
    ...(failed !== undefined && { testExecError: failed.testExecError }),
    leaks: results.some(({ leaks }) => leaks),
    skipped: results.every(({ skipped }) => skipped),
    openHandles: results.flatMap(({ openHandles }) => openHandles ?? []),
    ...(Math.max(...memory) > 0 && { memoryUsage: Math.max(...memory) }),
    perfStats: mergePerformance(results),
    snapshot: mergeSnapshots(results.map(({ snapshot }) => snapshot)),
    ...(coverages.length > 0 && { coverage: addCoverage(coverages) }),
    ...(v8Coverages.length > 0 && { v8Coverage: mergeV8(v8Coverages) }),
    [WHOLE_DURATION_PROPERTY]: wholeDuration(
      results.map(({ perfStats, testResults }) => ({
        durationMs: perfStats.end - perfStats.start,
        testsMs: testResults.reduce((total, { duration }) => total + (duration ?? 0), 0),
      })),
    ),
  };
}

/** Tests in the order in which the file declares them, and the record of all of them. */
function mergeTests(
  testPath: string,
  slices: readonly Slice[],
  results: readonly SliceResult[],
): Pick<SliceResult, 'testResults' | 'jestDistributed'> {
  const [first] = slices;
  if (results.some((result) => result[RECORD_PROPERTY] === undefined && !result.testExecError))
    throw ranWhole(testPath);
  // A slice that did not load the file has an error.
  if (first === undefined || slices.length < results.length) {
    return { testResults: results.flatMap(({ testResults }) => testResults) };
  }
  const { seen } = first.record;
  const differing = slices.find(({ record }) => record.seen.join('\0') !== seen.join('\0'));
  if (differing !== undefined) throw disagree(testPath, seen, differing.record.seen);
  const own: AssertionResult[] = [];
  const ownTests = slices.flatMap(({ result, record }) =>
    record.empty ? [] : result.testResults.map((test, index) => ({ test, place: record.ran?.[index] ?? seen.length })),
  );
  for (const { test } of ownTests.sort((a, b) => a.place - b.place)) own.push(test);
  const mine = slices.flatMap(({ record }) => record.mine).sort((a, b) => a - b);
  const empty = own.length === 0;
  return {
    testResults: empty ? (slices[0] as Slice).result.testResults : own,
    [RECORD_PROPERTY]: { ...first.record, mine, empty },
  };
}

/** Every worker ran all of it. */
function ranWhole(testPath: string): DistributedError {
  return new DistributedError({
    code: 'SPLIT_NOT_APPLIED',
    message: `${testPath} was shared among workers, but its test runner selected no tests, so each of them ran all.`,
    remedy: 'Use --no-split-local, or put "@jest-distributed whole" into the file.',
  });
}

function disagree(testPath: string, one: readonly string[], other: readonly string[]): DistributedError {
  const difference =
    one.find((name) => !other.includes(name)) ?? other.find((name) => !one.includes(name)) ?? 'their order';
  return new DistributedError({
    code: 'SLICES_DISAGREE',
    message: `Two workers that share ${testPath} saw different tests in it: ${JSON.stringify(difference)} is not the same in both.`,
    remedy:
      'Names of tests must not depend on time, random numbers or the worker. Until then, put "@jest-distributed whole" into the file.',
  });
}

function mergePerformance(results: readonly SliceResult[]): SliceResult['perfStats'] {
  const [first] = results as [SliceResult];
  const start = Math.min(...results.map(({ perfStats }) => perfStats.start));
  const end = Math.max(...results.map(({ perfStats }) => perfStats.end));
  return {
    ...first.perfStats,
    start,
    end,
    runtime: end - start,
    slow: results.some(({ perfStats }) => perfStats.slow),
  };
}
