/** Which failure is a node's first one, and what is said of it when. */
import { expect, test } from '@jest/globals';
import { firstFailureLines, takenBackLines } from '../../../src/reports/ci-log/failure-lines';
import { followFirstFailure, NO_FAILURE } from '../../../src/reports/ci-log/first-failure';
import type { NodeEvent } from '../../../src/reports/live/events';

const item = (path: string) => ({ file: { project: null, path }, part: null });
const failed = (path: string, name: string | null): NodeEvent => ({
  kind: 'test-failed',
  ...item(path),
  test: name,
  error: `Error: ${name} broke`,
});
const passed = (path: string, name: string): NodeEvent => ({ kind: 'test-passed', ...item(path), test: name });
const ended = (path: string, ok: boolean): NodeEvent => ({
  kind: 'file-ended',
  ...item(path),
  ...{ passed: 0, failed: 0, skipped: 0, ok },
});
const withdrawn = (path: string): NodeEvent => ({ kind: 'file-withdrawn', ...item(path) });

/** `failed a/one` for each thing that is said. */
function saidOf(events: readonly NodeEvent[]): string[][] {
  let state = NO_FAILURE;
  return events.map((event) => {
    const step = followFirstFailure(state, event);
    state = step.state;
    return step.news.map(({ kind, failure }) => `${kind} ${failure.file.path}/${failure.test}`);
  });
}

test('reported when it happens, annotated when its file ends, and nothing after it', () => {
  expect(
    saidOf([failed('a', 'one'), failed('a', 'two'), failed('b', 'x'), ended('a', false), ended('b', false)]),
  ).toEqual([['failed a/one'], [], [], ['counts a/one'], []]);
});

test('one that passes on a later try makes room for the next', () => {
  expect(
    saidOf([failed('a', 'one'), failed('a', 'two'), passed('a', 'one'), passed('a', 'two'), ended('a', true)]),
  ).toEqual([['failed a/one'], [], ['recovered a/one', 'failed a/two'], ['recovered a/two'], []]);
});

test('one that ended meanwhile counts at once', () => {
  expect(saidOf([failed('a', 'one'), failed('b', 'x'), ended('b', false), passed('a', 'one')])).toEqual([
    ['failed a/one'],
    [],
    [],
    ['recovered a/one', 'failed b/x', 'counts b/x'],
  ]);
});

test('a file that the queue sends on takes its failures with it', () => {
  expect(
    saidOf([failed('a', 'one'), failed('a', 'two'), withdrawn('a'), failed('b', null), ended('b', false)]),
  ).toEqual([['failed a/one'], [], ['withdrawn a/one'], ['failed b/null'], ['counts b/null']]);
});

const terminal = { columns: 80, color: false, unicode: true, interactive: false };

test('the lines of a log', () => {
  const failure = {
    ...item('src/cart.test.js'),
    test: 'cart adds',
    error: 'Error: expect(received).toBe(expected) // Object.is equality\n\nExpected: 2\nReceived: 1',
    isFinal: false,
  };
  const words = ['npx', 'jest', '--runTestsByPath', 'src/cart.test.js', '-t', '^cart adds$'];
  expect(
    firstFailureLines({ node: 'node 2 of 4', failure, place: { path: 'src/cart.js', line: 12 }, words }, terminal),
  ).toEqual([
    'jest-distributed: first failure of node 2 of 4: src/cart.test.js › cart adds',
    '  Error: expect(received).toBe(expected) Expected: 2 Received: 1',
    '  at src/cart.js:12',
    '  to rerun it:',
    "    npx jest --runTestsByPath src/cart.test.js -t '^cart adds$'",
  ]);
  expect(takenBackLines({ kind: 'recovered', failure }, terminal)).toEqual([
    'jest-distributed: passed on a later try: src/cart.test.js › cart adds',
  ]);
  expect(takenBackLines({ kind: 'withdrawn', failure }, terminal).join(' ')).toContain('the queue has its file run');
});

test('names that would command a terminal or a CI are texts', () => {
  const failure = {
    ...item('a.test.js'),
    test: '::error::x\n::stop-commands::y\u001b[2J ##vso[x]',
    error: '::error::e',
    isFinal: false,
  };
  const lines = firstFailureLines({ node: 'node 1 of 2', failure, place: null, words: ['npx', 'jest'] }, terminal);
  expect(lines.join('\n')).not.toMatch(/^\s*::\w|##vso/m);
  expect(lines.join('\n')).not.toContain('\u001b');
});
