/**
 * Earlier tries of tests that Jest ran more than once in one run of their file (`jest.retryTimes`).
 *
 * Jest keeps their errors on the test's result only with `logErrorsBeforeRetry`, but reports the result of each
 * try; those that are not the last one are among a record's `cases` as whole results.
 */
import type { FileRecord, JsonObject } from './blob';

/** A try of a test that another one followed. */
export interface EarlierTry {
  /** Its errors as bare stacks; none where nothing kept them. */
  readonly messages: readonly string[];
  /** Milliseconds since 1970, or null where it is not known. */
  readonly startMs: number | null;
  readonly durationMs: number | null;
}

export interface TriedRecord extends Partial<Pick<FileRecord, 'cases' | 'starts'>> {
  readonly result: { readonly testResults: readonly TriedResult[] };
}

interface TriedResult {
  readonly fullName: string;
  readonly invocations?: unknown;
  readonly retryReasons?: unknown;
}

/** How often a test was tried in one run of its file. */
export function triesOf(test: object): number {
  const { invocations } = test as { readonly invocations?: unknown };
  return typeof invocations === 'number' && invocations > 1 ? Math.floor(invocations) : 1;
}

/** Nobody tries a test more often; a number from a foreign blob must not become a list of that length. */
const MOST_TRIES = 1_000;

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

/** Whole results among the cases, by the name of their test. */
function casesByName(cases: FileRecord['cases']): Map<string, JsonObject[]> {
  const byName = new Map<string, JsonObject[]>();
  for (const one of cases) {
    if (typeof one === 'number' || typeof one.fullName !== 'string') continue;
    byName.set(one.fullName, [...(byName.get(one.fullName) ?? []), one]);
  }
  return byName;
}

function startsByTest({ starts }: TriedRecord): Map<number, (number | null)[]> {
  const byTest = new Map<number, (number | null)[]>();
  for (const [test, , startedAt = null] of starts ?? []) {
    if (typeof test === 'number') byTest.set(test, [...(byTest.get(test) ?? []), startedAt]);
  }
  return byTest;
}

/**
 * The earlier tries of each test that has any, oldest first, by the test's index in `result.testResults`.
 *
 * Tests that share a name share the cases of it: each takes as many of them as it was tried before.
 */
export function earlierTries(record: TriedRecord): ReadonlyMap<number, readonly EarlierTry[]> {
  const { testResults } = record.result;
  if (testResults.every((test) => triesOf(test) === 1)) return new Map();
  const cases = casesByName(record.cases ?? []);
  const starts = startsByTest(record);
  const earlier = new Map<number, readonly EarlierTry[]>();
  for (const [index, test] of testResults.entries()) {
    const count = Math.min(triesOf(test) - 1, MOST_TRIES);
    if (count === 0) continue;
    const own = cases.get(test.fullName)?.splice(0, count) ?? [];
    const reasons = texts(test.retryReasons);
    const begun = starts.get(index) ?? [];
    earlier.set(
      index,
      Array.from({ length: count }, (_, place): EarlierTry => {
        const one = own.length === count ? own[place] : undefined;
        const duration = one?.duration;
        // One reason for each error, whichever try it is of: with as many reasons as tries there is no doubt.
        const reason = reasons.length === count ? reasons.slice(place, place + 1) : place === 0 ? reasons : [];
        return {
          messages: one === undefined ? reason : texts(one.failureMessages),
          startMs: begun.length === count + 1 ? (begun[place] ?? null) : null,
          durationMs: typeof duration === 'number' ? duration : null,
        };
      }),
    );
  }
  return earlier;
}
