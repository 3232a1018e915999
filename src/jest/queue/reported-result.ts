/** Results as Jest's scheduler reports them, which makes some of them anew only after the runner's event. */

import type { JestTest, JestTestResult } from '../host/jest-types';
import { resolveJest } from '../host/resolve-jest';
import type { FinishedResult } from './outcome';

interface ResultTools {
  /** `error.stack` is read. */
  buildFailureTestResult(testPath: string, error: unknown): JestTestResult & { failureMessage?: string | null };
}

const NO_TEST = 'Your test suite must contain at least one test.';
const LEAK = 'Your test suite is leaking memory. Please ensure all references are cleaned.';

/** What Jest makes of a file whose process died, or whose code did not load. */
export function failedResult({ path }: JestTest, error: unknown): JestTestResult {
  const { buildFailureTestResult } = resolveJest(process.cwd()).load<ResultTools>('@jest/test-result');
  const result = buildFailureTestResult(path, error);
  const { message, stack } = (error ?? {}) as Partial<Error>;
  result.failureMessage = String(stack ?? message ?? error);
  return result;
}

/** Jest fails a file without any test, and one that leaks. */
export function asReported(test: JestTest, result: FinishedResult): JestTestResult {
  if (result.testResults.length === 0) return failedResult(test, { message: NO_TEST, stack: NO_TEST });
  return result.leaks ? failedResult(test, { message: LEAK, stack: LEAK }) : result;
}
