import { expect, test } from '@jest/globals';
import type { JestTestResult } from '../../../src/jest/host/jest-types';
import { createTestEvents } from '../../../src/jest/record/test-events';
import type { NodeEvent } from '../../../src/reports/live/events';

const ITEM = { file: { project: null, path: 'a.test.js' }, part: null };

const fails = (fullName: string, message = 'Error: no') => ({
  ...{ fullName, status: 'failed', failureMessages: [message] },
});
const passes = (fullName: string) => ({ fullName, status: 'passed', failureMessages: [] });

function resultOf(testResults: readonly { fullName: string; status: string }[], testExecError?: unknown) {
  const count = (status: string) => testResults.filter((one) => one.status === status).length;
  return {
    ...{ testResults, testExecError, numPassingTests: count('passed'), numFailingTests: count('failed') },
    ...{ numPendingTests: 0, numTodoTests: 0 },
  } as unknown as JestTestResult;
}

function told(work: (events: ReturnType<typeof createTestEvents>) => void): NodeEvent[] {
  const events: NodeEvent[] = [];
  work(createTestEvents((event) => events.push(event)));
  return events;
}

const kinds = (events: readonly NodeEvent[]) =>
  events.map((event) => `${event.kind}${'test' in event ? ` ${event.test}` : ''}`);

test('a failure is told when it comes, without colours, and not again with its file', () => {
  const events = told(({ caseResult, fileResult }) => {
    caseResult(ITEM, passes('one'));
    caseResult(ITEM, fails('two', '\u001b[31mError: no\u001b[39m'));
    fileResult(ITEM, resultOf([passes('one'), fails('two')]));
  });
  expect(events).toEqual([
    { kind: 'test-failed', ...ITEM, test: 'two', error: 'Error: no' },
    { kind: 'file-ended', ...ITEM, passed: 1, failed: 1, skipped: 0, ok: false },
  ]);
});

test('a test that is tried until it passes fails once, and passes', () => {
  const events = told(({ caseResult, fileResult }) => {
    for (const one of [fails('two'), fails('two'), passes('two')]) caseResult(ITEM, one);
    fileResult(ITEM, resultOf([passes('two')]));
  });
  expect(kinds(events)).toEqual(['test-failed two', 'test-passed two', 'file-ended']);
});

test('where a runner tells of no single test, the file does', () => {
  const events = told(({ fileResult }) => fileResult(ITEM, resultOf([fails('one'), passes('two')])));
  expect(kinds(events)).toEqual(['test-failed one', 'file-ended']);
});

test('what does not count is told with its failures, and forgotten', () => {
  const events = told(({ caseResult, fileWithdrawn }) => {
    caseResult(ITEM, fails('one'));
    fileWithdrawn(ITEM, resultOf([fails('one'), fails('two')]));
    caseResult(ITEM, fails('one'));
  });
  expect(kinds(events)).toEqual(['test-failed one', 'test-failed two', 'file-withdrawn', 'test-failed one']);
});

test.each([
  [{ message: 'Cannot find x', stack: 'Error: Cannot find x\n at y' }, 'Cannot find x'],
  ['a worker died', 'a worker died'],
  [{}, ''],
])('a file that failed as a whole says why: %j', (error, text) => {
  const [first, last] = told(({ fileResult }) => fileResult(ITEM, resultOf([], error)));
  expect(first).toEqual({ kind: 'test-failed', ...ITEM, test: null, error: text });
  expect(last).toMatchObject({ kind: 'file-ended', ok: false });
});

test('of a file in which everything fails not all is told, and what is told is short', () => {
  const all = Array.from({ length: 5_000 }, (_, index) => fails(`test ${index}`, 'x'.repeat(100_000)));
  const events = told(({ fileResult }) => fileResult(ITEM, resultOf(all)));
  expect(events).toHaveLength(201);
  expect(events.at(-1)).toMatchObject({ failed: 5_000 });
  expect(JSON.stringify(events).length).toBeLessThan(1_000_000);
});
