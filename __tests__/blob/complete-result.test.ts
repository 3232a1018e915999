import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/blob/blob';
import { completeResult } from '../../src/blob/complete-result';

const facts = { testFilePath: 'a.test.js', startMs: 1000, endMs: 3500 };
const complete = (result: JsonObject) => completeResult(result, facts);
const statuses = (result: JsonObject) => complete(result).testResults.map(({ status }) => status);

describe('tests without a status', () => {
  test('get those that the runner counted, failed ones first, so that none is hidden', () => {
    const result = {
      numFailingTests: 2,
      numPassingTests: 1,
      numPendingTests: 1,
      numTodoTests: 1,
      testResults: [
        { title: 'said to fail', status: 'failed' },
        { title: 'one' },
        { title: 'two' },
        { title: 'three' },
        { title: 'four' },
      ],
    };
    expect(statuses(result)).toEqual(['failed', 'failed', 'passed', 'pending', 'todo']);
    expect(complete(result)).toMatchObject({ numFailingTests: 2, numPassingTests: 1 });
  });

  test('have failed where they have messages of a failure, whatever was counted', () => {
    const result = { testResults: [{ title: 'one', failureMessages: ['no'] }, { title: 'two' }] };
    expect(statuses(result)).toEqual(['failed', 'passed']);
    expect(complete(result)).toMatchObject({ numFailingTests: 1, numPassingTests: 1, numPendingTests: 0 });
  });

  test('keep the statuses that others have, and count them as Jest does', () => {
    const result = {
      testResults: [
        { title: 'a', status: 'focused' },
        { title: 'b', status: 'disabled' },
      ],
    };
    expect(statuses(result)).toEqual(['focused', 'disabled']);
    expect(complete(result)).toMatchObject({ numPassingTests: 0, numPendingTests: 2 });
  });
});

test('what a runner counted is not changed, so that a difference to its tests can be found', () => {
  expect(complete({ numFailingTests: 1, testResults: [{ title: 'a', status: 'passed' }] })).toMatchObject({
    numFailingTests: 1,
    numPassingTests: 1,
  });
});

test('what is missing is filled in, and what does not fit is left out', () => {
  const { testResults, ...result } = complete({
    displayName: 'text',
    snapshot: { added: 2, matched: -1, uncheckedKeys: ['a 1', 7] },
    perfStats: { start: 1500 },
    testResults: [
      { ancestorTitles: ['sums', 3], title: 'adds', duration: 'long', location: { line: 1 } },
      { fullName: 'whole name' },
      'a text',
    ],
  });
  expect(result).toMatchObject({
    perfStats: { start: 1500, end: 3500, runtime: 2000, slow: false },
    snapshot: { added: 2, matched: 0, unchecked: 0, uncheckedKeys: ['a 1'], fileDeleted: false },
    testFilePath: 'a.test.js',
  });
  expect(result).not.toHaveProperty('displayName');
  expect(testResults).toMatchObject([
    { ancestorTitles: ['sums'], title: 'adds', fullName: 'sums adds', duration: null, location: null },
    { title: 'whole name', fullName: 'whole name' },
    { title: 'a text', fullName: 'a text' },
  ]);
});

test('a place in a file is kept where it has a line and a column', () => {
  const locations = [{ line: 3, column: 7 }, { line: '3', column: 7 }, { line: 3 }, 'line 3'];
  const { testResults } = complete({ testResults: locations.map((location) => ({ title: 'a', location })) });
  expect(testResults.map(({ location }) => location)).toEqual([{ line: 3, column: 7 }, null, null, null]);
});
