import path from 'node:path';
import { expect, test } from '@jest/globals';
import type { Quarantine } from '../../../src/flaky/quarantine';
import type { JestTest, JestTestResult } from '../../../src/jest/host/jest-types';
import { createHeldFailures } from '../../../src/jest/record/held-failures';

const PROJECT = path.resolve('/app');
const TODAY = '2026-11-26';

const entry = (name: string) => ({
  ...{ file: 'src/a.test.js', test: name, owner: 'shop', reason: 'r', since: '2026-11-20', until: '2026-12-01' },
});
const quarantine: Quarantine = { cap: 10, report: 'failed', tests: [entry('adds'), entry('matches')] };

const ranAs = (file: string) =>
  ({ path: path.join(PROJECT, ...file.split('/')), context: { config: {} } }) as unknown as JestTest;

const nameOf = ({ path: file }: JestTest) => ({
  file: path.relative(PROJECT, file).split(path.sep).join('/'),
  project: null,
});

interface Case {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages?: readonly string[];
}

const resultOf = (testResults: readonly Case[], more: object = {}) =>
  ({
    ...{ testResults, numFailingTests: testResults.filter(({ status }) => status === 'failed').length },
    ...{ snapshot: { unmatched: 0 }, ...more },
  }) as unknown as JestTestResult;

const failed = (fullName: string, message = 'Error: no'): Case => ({
  ...{ fullName, status: 'failed', failureMessages: [message] },
});

function takeOut(result: JestTestResult, file = 'src/a.test.js') {
  const counts = { numFailedTests: 5, numFailedTestSuites: 3, numPassedTestSuites: 0, snapshot: { unmatched: 4 } };
  const before = JSON.stringify(result);
  const held = createHeldFailures(quarantine, TODAY, nameOf).takeOut(ranAs(file), result, counts);
  // Reporters get the result as it is.
  expect(JSON.stringify(result)).toBe(before);
  return { names: held.map(({ name }) => name), counts };
}

test('the failures of a file that is red for nothing else are taken out with the file', () => {
  expect(takeOut(resultOf([failed('adds'), { fullName: 'other', status: 'passed' }]))).toEqual({
    names: ['adds'],
    counts: { numFailedTests: 4, numFailedTestSuites: 2, numPassedTestSuites: 1, snapshot: { unmatched: 4 } },
  });
});

test('beside another failure the file stays red', () => {
  expect(takeOut(resultOf([failed('adds'), failed('other')]))).toMatchObject({
    names: ['adds'],
    counts: { numFailedTests: 4, numFailedTestSuites: 3, numPassedTestSuites: 0 },
  });
});

test('a snapshot that a held test did not match is taken out, and no more than there are', () => {
  const own = 'Error: expect(received).toMatchSnapshot()';
  const unmatched = (count: number, message = own) =>
    takeOut(resultOf([failed('matches', message), failed('adds')], { snapshot: { unmatched: count } })).counts.snapshot;
  // Matchers of others have words of their own.
  const image = 'Error: Expected image to match or be a close match to snapshot but was 1.2% different';
  expect(unmatched(2, image)).toEqual({ unmatched: 3 });
  expect(unmatched(2, 'Error: no snapshot of the database')).toEqual({ unmatched: 4 });
  expect(unmatched(2)).toEqual({ unmatched: 3 });
  expect(unmatched(0)).toEqual({ unmatched: 4 });
});

test('a file that did not run, another file and a test that passed are left alone', () => {
  const untouched = { numFailedTests: 5, numFailedTestSuites: 3, numPassedTestSuites: 0, snapshot: { unmatched: 4 } };
  const nothing = { names: [], counts: untouched };
  expect(takeOut(resultOf([failed('adds')], { testExecError: new Error('gone') }))).toEqual(nothing);
  expect(takeOut(resultOf([failed('adds')]), 'src/b.test.js')).toEqual(nothing);
  expect(takeOut(resultOf([{ fullName: 'adds', status: 'passed' }]))).toEqual(nothing);
});
