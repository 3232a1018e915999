/** What Jest says of a file and its tests, in the report's few words. */
import type { FileRecord, StoredTest } from '../../blob/blob';
import type { FileStatus, TestStatus, TestTotals } from './run-report';

/** What the report reads of a file's record; coverage is not needed. */
export type FileOutcome = Pick<
  FileRecord,
  'file' | 'parts' | 'startMs' | 'wallMs' | 'worker' | 'result' | 'execError'
> &
  Partial<Pick<FileRecord, 'cases' | 'starts' | 'workerProcess'>>;

/** Jest's `pending`, `disabled` and `skipped` are one thing to people. */
export function statusOf({ status }: StoredTest): TestStatus {
  return status === 'passed' || status === 'failed' || status === 'todo' ? status : 'skipped';
}

export function invocationsOf({ invocations }: StoredTest): number {
  return typeof invocations === 'number' && invocations > 0 ? invocations : 1;
}

/** Names of the describe blocks, then the test's own. */
export function titlesOf({ ancestorTitles, title, fullName }: StoredTest): readonly string[] {
  return Array.isArray(ancestorTitles) && typeof title === 'string' ? [...ancestorTitles, title] : [fullName];
}

export function failureMessagesOf({ failureMessages }: StoredTest): readonly string[] {
  return Array.isArray(failureMessages) ? failureMessages.filter((text) => typeof text === 'string') : [];
}

/** @param held indices of failed tests that do not decide. */
export function fileStatus(
  { result, execError }: Pick<FileOutcome, 'result' | 'execError'>,
  held: ReadonlyMap<number, unknown> = new Map(),
): FileStatus {
  // By the tests' own word too: a count that is wrong must not make it green.
  const hasFailed = result.testResults.some(({ status }, index) => status === 'failed' && !held.has(index));
  if (execError !== null || result.numFailingTests > held.size || hasFailed) return 'failed';
  const ran = result.testResults.some(({ status }) => status === 'passed');
  return ran || result.testResults.length === 0 ? 'passed' : 'skipped';
}

type Counts = { -readonly [Key in keyof TestTotals]: number };

export function noTests(): Counts {
  return { tests: 0, passed: 0, failed: 0, skipped: 0, todo: 0, flaky: 0 };
}

export function countTest(counts: Counts, test: StoredTest, isFlaky: boolean, isHeld = false): void {
  const status = statusOf(test);
  counts.tests += 1;
  if (isHeld) {
    counts.quarantined = (counts.quarantined ?? 0) + 1;
    return;
  }
  counts[status] += 1;
  if (isFlaky) counts.flaky += 1;
}
