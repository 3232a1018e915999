/** The only reporter of a probe: what each test did, and its first error. */
import { writeSync } from 'node:fs';
import type { JestGlobalConfig, JestTest, JestTestResult } from '../host/jest-types';
import { projectName } from '../host/name-test-files';
import { PROBE_FD, type ProbeLine, type ProbeTestLine } from './probe-order';

interface ProbedResult extends JestTestResult {
  readonly failureMessage?: string | null;
}

interface ProbedCase {
  readonly fullName: string;
  readonly status: string;
  readonly duration?: number | null;
  readonly invocations?: number;
  readonly retryReasons?: readonly string[];
  readonly failureMessages?: readonly string[] | null;
}

/** Characters of an error that are kept. */
const LONGEST = 4_000;

export const writeLine = (line: ProbeLine): void => {
  writeSync(PROBE_FD, `${JSON.stringify(line)}\n`);
};

const clip = (text: unknown): string => String(text ?? '').slice(0, LONGEST);

function toLine(test: ProbedCase): ProbeTestLine {
  const { fullName: name, status, duration = null, invocations = 1, retryReasons = [], failureMessages } = test;
  // A try that jest.retryTimes has hidden is a failure all the same.
  const hasFailed = status === 'failed' || invocations > 1;
  const messages = [...retryReasons, ...(failureMessages ?? [])];
  return {
    ...{ name, hasFailed, isSkipped: !hasFailed && status !== 'passed', durationMs: duration },
    error: hasFailed ? clip(messages[0]) : null,
  };
}

function errorOf({ testExecError, failureMessage }: ProbedResult): string | null {
  if (!testExecError) return null;
  const { stack, message } = testExecError as { readonly stack?: unknown; readonly message?: unknown };
  return clip(stack || message || failureMessage);
}

class ProbeReporter {
  readonly #rootDir: string;

  constructor({ rootDir }: Pick<JestGlobalConfig, 'rootDir'>) {
    this.#rootDir = rootDir;
  }

  onTestFileResult({ path, context }: JestTest, result: JestTestResult): void {
    const { start: startMs, end: endMs } = result.perfStats;
    writeLine({
      ...{ kind: 'file', path, project: projectName(context.config, this.#rootDir) },
      ...{ error: errorOf(result), startMs, endMs },
      tests: (result.testResults as readonly ProbedCase[]).map(toLine),
    });
  }
}

export default ProbeReporter;
