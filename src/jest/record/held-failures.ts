/**
 * Failures of tests in quarantine, on a node and in a replay: Jest counts them as it counts all others, before it asks
 * reporters, and what it has counted decides `--bail`, the exit code and its summary. They are taken out of those
 * counts, and out of nothing else: the result that reporters get says what failed.
 */
import { type HeldFile, heldTests, type Quarantine, type QuarantineEntry } from '../../flaky/quarantine';
import type { JestTest, JestTestResult } from '../host/jest-types';

/** Jest's totals, as much of them as failed tests are counted in. */
export interface FailureCounts {
  numFailedTests: number;
  numFailedTestSuites: number;
  /** What has failed only in quarantine is counted here: a file in no count looks as if it had not run. */
  numPassedTestSuites: number;
  readonly snapshot?: { unmatched: number };
}

interface CountedResult extends Pick<JestTestResult, 'testResults'> {
  readonly snapshot?: { readonly unmatched?: number };
  readonly testResults: readonly (JestTestResult['testResults'][number] & {
    readonly failureMessages?: readonly unknown[] | null;
  })[];
}

export interface HeldTest {
  readonly name: string;
  readonly entry: QuarantineEntry;
}

export interface HeldFailures {
  /** Failed tests of a file that do not decide. Changes nothing. */
  of(test: JestTest, result: JestTestResult): ReadonlyMap<number, QuarantineEntry>;
  /** Takes them out of Jest's totals. */
  takeOut(test: JestTest, result: JestTestResult, counts: FailureCounts | undefined): readonly HeldTest[];
}

/** Jest's own matchers, and those of others that count as snapshots, by what they say: an image that does not match. */
const SNAPSHOT =
  /toMatch\w*Snapshot|toThrowErrorMatching\w*Snapshot|(?:match|differ)[^\n]*\bsnapshot|\bsnapshot[^\n]*(?:match|differ)/i;

/** Snapshots that these tests did not match: they alone would make Jest red. */
export function unmatchedOf({ snapshot, testResults }: CountedResult, held: ReadonlyMap<number, unknown>): number {
  const messages = [...held.keys()].flatMap((index) => testResults[index]?.failureMessages ?? []);
  const own = messages.filter((text) => typeof text === 'string' && SNAPSHOT.test(text)).length;
  return Math.min(own, snapshot?.unmatched ?? 0);
}

/** A test file as entries of the quarantine name it. */
export type QuarantineNameOf = (test: JestTest) => Pick<HeldFile, 'file' | 'project'>;

/** A result of Jest as the quarantine judges it. */
export const quarantineFileOf = (
  name: ReturnType<QuarantineNameOf>,
  { testExecError, testResults }: JestTestResult,
): HeldFile => ({ ...name, hasExecError: Boolean(testExecError), tests: testResults });

/**
 * @param today day by UTC: entries of which it is past the last day hold nothing.
 */
export function createHeldFailures(quarantine: Quarantine, today: string, nameOf: QuarantineNameOf): HeldFailures {
  const of: HeldFailures['of'] = (test, result) => heldTests(quarantine, quarantineFileOf(nameOf(test), result), today);
  return {
    of,
    takeOut(test, result, counts) {
      const held = of(test, result);
      if (held.size === 0) return [];
      if (counts !== undefined) {
        counts.numFailedTests -= held.size;
        if (held.size === result.numFailingTests) {
          counts.numFailedTestSuites -= 1;
          counts.numPassedTestSuites += 1;
        }
        if (counts.snapshot !== undefined)
          counts.snapshot.unmatched -= unmatchedOf(result as unknown as CountedResult, held);
      }
      return [...held].map(([index, entry]) => ({ name: result.testResults[index]?.fullName ?? '', entry }));
    },
  };
}
