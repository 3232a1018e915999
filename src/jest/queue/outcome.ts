/** Whether a file passed, as Jest's scheduler sees it. */
import type { Outcome } from '../../queue/queue';
import type { JestTestResult } from '../host/jest-types';

export type FinishedResult = JestTestResult & {
  readonly leaks?: unknown;
  readonly failureMessage?: string | null;
};

/** A file without a test and one that leaks are failures too; Jest makes them so only after the runner's event. */
export function outcomeOf(result: FinishedResult): Outcome {
  const failed =
    result.numFailingTests > 0 ||
    result.testExecError != null ||
    Boolean(result.leaks) ||
    result.testResults.length === 0;
  return failed ? 'failed' : 'passed';
}
