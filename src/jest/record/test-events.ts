/**
 * What a node of `run --local` reports of its tests while they run: failures as they come, each once.
 */
import { fileKey } from '../../plan/item';
import type { NodeEvent, RunningItem } from '../../reports/live/events';
import { stripEscapes } from '../../reports/run-report/escape-codes';
import type { JestTestResult } from '../host/jest-types';

/** Of an error, in characters: enough for what a person wants to see at once. */
const ERROR_LIMIT = 4_000;

/** Failures of one file that are sent; the file's end counts all of them. */
const FAILURES_LIMIT = 200;

interface TestCase {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages?: readonly unknown[] | null;
}

export interface TestEvents {
  /** One try of a test, as soon as it is over. */
  caseResult(item: RunningItem, testCase: TestCase): void;
  fileResult(item: RunningItem, result: JestTestResult): void;
  /** A result that does not count: the queue gives the item to another node, or has given it. */
  fileWithdrawn(item: RunningItem, result: JestTestResult): void;
}

interface FailedResult extends JestTestResult {
  readonly failureMessage?: string | null;
}

const clip = (text: string): string => stripEscapes(text.slice(0, ERROR_LIMIT));

function messageOf(error: unknown, fallback: string | null | undefined): string {
  const { stack, message } = (error ?? {}) as { readonly stack?: unknown; readonly message?: unknown };
  const texts = [message, fallback, stack, error].filter((text) => typeof text === 'string' && text !== '');
  return clip(String(texts[0] ?? ''));
}

export function createTestEvents(send: (event: NodeEvent) => void): TestEvents {
  const open = new Map<string, Set<string>>();

  const failed = (item: RunningItem): Set<string> => {
    const key = fileKey(item.file, item.part);
    const known = open.get(key) ?? new Set();
    open.set(key, known);
    return known;
  };

  const caseResult = (item: RunningItem, { fullName, status, failureMessages }: TestCase): void => {
    const known = failed(item);
    if (status === 'failed' && !known.has(fullName) && known.size < FAILURES_LIMIT) {
      known.add(fullName);
      send({ kind: 'test-failed', ...item, test: fullName, error: clip(String(failureMessages?.[0] ?? '')) });
    } else if (status === 'passed' && known.delete(fullName)) {
      send({ kind: 'test-passed', ...item, test: fullName });
    }
  };

  const sendFailures = (item: RunningItem, result: JestTestResult): void => {
    // Not every runner reports single tests.
    for (const test of result.testResults) caseResult(item, test);
    open.delete(fileKey(item.file, item.part));
    const { testExecError, failureMessage } = result as FailedResult;
    if (testExecError) {
      send({ kind: 'test-failed', ...item, test: null, error: messageOf(testExecError, failureMessage) });
    }
  };

  return {
    caseResult,
    fileWithdrawn: (item, result) => {
      sendFailures(item, result);
      send({ kind: 'file-withdrawn', ...item });
    },
    fileResult: (item, result) => {
      sendFailures(item, result);
      const { numPassingTests: passed, numFailingTests, numPendingTests, numTodoTests, testExecError } = result;
      send({
        kind: 'file-ended',
        ...item,
        passed,
        failed: numFailingTests,
        skipped: numPendingTests + numTodoTests,
        ok: numFailingTests === 0 && !testExecError,
      });
    },
  };
}
