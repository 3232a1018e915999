/**
 * Executions whose result does not count: a queue sent the failure on to another node, or had another result already.
 * Little is kept of them: what failed, why, when and where.
 */

import type { FileRecord } from './blob';
import { type EarlierTry, earlierTries } from './test-tries';

/** One line of a blob. */
export interface TryRecord
  extends Pick<FileRecord, 'file' | 'startMs' | 'wallMs' | 'worker' | 'workerProcess' | 'execError'> {
  /** Name of the part where the file is split, else null. */
  readonly part: string | null;
  /** 1-based, as in the record of a result that counts. */
  readonly attempt: number;
  readonly claimNumber: number;
  /** `retried`: it failed, and another execution was to follow. `superseded`: another result counts. */
  readonly decision: 'retried' | 'superseded';
  readonly outcome: 'passed' | 'failed';
  /** Tests that failed, and those that Jest tried more than once. */
  readonly tests: readonly TriedTest[];
  /** What Jest prints of the failed file, with code frames and colours. */
  readonly failureMessage: string | null;
}

export interface TriedTest {
  readonly ancestorTitles: readonly string[];
  readonly title: string;
  readonly fullName: string;
  /** Which of the file's tests of this name, from 1. */
  readonly occurrence: number;
  readonly outcome: 'passed' | 'failed';
  readonly durationMs: number | null;
  /** Bare stacks. */
  readonly failureMessages: readonly string[];
  /** `jest.retryTimes` */
  readonly earlier: readonly EarlierTry[];
}

const strings = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

/** Calls back with the index of every test and which of its name it is, from 1. */
export function withOccurrences<T extends { readonly fullName: string }, R>(
  tests: readonly T[],
  visit: (test: T, occurrence: number, index: number) => R,
): R[] {
  const seen = new Map<string, number>();
  return tests.map((test, index) => {
    const occurrence = (seen.get(test.fullName) ?? 0) + 1;
    seen.set(test.fullName, occurrence);
    return visit(test, occurrence, index);
  });
}

function notableTests(record: FileRecord): TriedTest[] {
  const earlier = earlierTries(record);
  return withOccurrences(record.result.testResults, (test, occurrence, index): TriedTest[] => {
    const hasFailed = test.status === 'failed';
    if (!hasFailed && !earlier.has(index)) return [];
    const { title, fullName, duration, ancestorTitles, failureMessages } = test;
    return [
      {
        ancestorTitles: strings(ancestorTitles),
        title: typeof title === 'string' ? title : fullName,
        fullName,
        occurrence,
        outcome: hasFailed ? 'failed' : 'passed',
        durationMs: duration ?? null,
        failureMessages: hasFailed ? strings(failureMessages) : [],
        earlier: earlier.get(index) ?? [],
      },
    ];
  }).flat();
}

/** Condenses the record of an execution that does not count. */
export function toTryRecord(
  record: FileRecord,
  facts: Pick<TryRecord, 'part' | 'attempt' | 'claimNumber' | 'decision' | 'outcome'>,
): TryRecord {
  const { file, startMs, wallMs, worker, workerProcess = null, result, execError } = record;
  const hasFailed = facts.outcome === 'failed';
  return {
    ...{ file, ...facts, startMs, wallMs, worker, workerProcess },
    tests: notableTests(record),
    failureMessage: hasFailed ? (result.failureMessage ?? null) : null,
    execError,
  };
}
