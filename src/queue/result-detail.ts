/** What the history keeps of one run of a file: enough for questions about tests, little enough for years. */
import type { JsonObject } from './queue';

/** Longest text of a failure that is kept; the whole is in the node's blob and log. */
const LONGEST_FAILURE = 4000;

/** Longest text of one error of one test. */
const LONGEST_ERROR = 1000;

/** Tests of one file whose errors are kept. */
const MOST_ERRORS = 20;

/** The parts of a Jest result that are kept. */
export interface DetailSource {
  readonly testResults: readonly {
    readonly fullName: string;
    readonly status: string;
    readonly duration?: number | null;
    readonly failureMessages?: readonly string[] | null;
  }[];
  readonly failureMessage?: string | null | undefined;
}

/** A try of a test that `jest.retryTimes` repeated. */
interface DetailTry extends JsonObject {
  readonly error: string | null;
  readonly durationMs: number | null;
}

/** With `error` and `tries` (see {@link DetailTry}) only where the test has them. */
export interface DetailTest extends JsonObject {
  readonly name: string;
  /** Jest's. */
  readonly status: string;
  /** Null where Jest measured none. */
  readonly durationMs: number | null;
}

export interface ResultDetail extends JsonObject {
  readonly tests: readonly DetailTest[];
  readonly failure: string | null;
}

/** What was reported of a test before its last try. */
export interface ToldEarlier {
  readonly messages: readonly string[];
  readonly durationMs: number | null;
}

/**
 * @param toPortable gives a text the form that all checkouts have for it: names of tests are compared by it.
 * @param earlier tries of tests that others followed, by index in `testResults`.
 */
export function resultDetail(
  { testResults, failureMessage }: DetailSource,
  toPortable: (text: string) => string = (text) => text,
  earlier: ReadonlyMap<number, readonly ToldEarlier[]> = new Map(),
): ResultDetail {
  let errors = 0;
  const errorOf = (messages: readonly string[] | null | undefined): string | null => {
    const [first] = messages ?? [];
    if (typeof first !== 'string' || errors >= MOST_ERRORS) return null;
    errors += 1;
    return toPortable(first).slice(0, LONGEST_ERROR);
  };
  const tests = testResults.map(({ fullName, status, duration, failureMessages }, index): DetailTest => {
    const error = status === 'failed' ? errorOf(failureMessages) : null;
    const tries = earlier
      .get(index)
      ?.map(({ messages, durationMs }): DetailTry => ({ error: errorOf(messages), durationMs: rounded(durationMs) }));
    return {
      name: toPortable(fullName),
      status,
      durationMs: rounded(duration),
      ...(error !== null && { error }),
      ...(tries !== undefined && { tries }),
    };
  });
  return {
    tests,
    failure: failureMessage ? toPortable(failureMessage).slice(0, LONGEST_FAILURE) : null,
    // So that those who look for flaky tests need not open the tests of every run.
    ...(earlier.size > 0 && { retriedTests: earlier.size }),
  };
}

const rounded = (durationMs: number | null | undefined): number | null =>
  typeof durationMs === 'number' ? Math.round(durationMs) : null;
