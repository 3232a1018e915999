/** What is left of a file's result on a node that has some of its tests. */
import { describe, expect, test } from '@jest/globals';
import type { AssertionResult, RunnerResult } from '../../../../src/jest/split/selection/circus-types';
import { filterResults } from '../../../../src/jest/split/selection/filter-results';
import { EMPTY_TITLE, type SplitRecord } from '../../../../src/select/split-record';

const SEEN = ['a', 'b', 'c', 'd'];
const of = (title: string, status: string): AssertionResult => ({ ancestorTitles: [], title, fullName: title, status });
const record = (mine: readonly number[]): SplitRecord =>
  ({ by: 'test-runner', unit: 'test', seen: SEEN, mine }) as unknown as SplitRecord;

function resultOf(testResults: AssertionResult[], more: Partial<RunnerResult> = {}): RunnerResult {
  return {
    ...{ numFailingTests: 9, numPassingTests: 9, numPendingTests: 9, numTodoTests: 9 },
    testResults,
    ...more,
  };
}

const names = ({ testResults }: RunnerResult) => testResults.map(({ fullName }) => fullName);

describe('the result of a split file', () => {
  test('holds the own tests, counted again; of foreign ones the skipped go', () => {
    const all = [of('a', 'passed'), of('b', 'pending'), of('c', 'failed'), of('d', 'todo')];
    const filtered = filterResults(resultOf(all), [0, 1, 2, 3], record([0, 2]));
    expect(names(filtered)).toEqual(['a', 'c']);
    expect(filtered).toMatchObject({ numPassingTests: 1, numFailingTests: 1, numPendingTests: 0, numTodoTests: 0 });
    expect(filtered.jestDistributed).toMatchObject({ seen: SEEN, mine: [0, 2], ran: [0, 2], empty: false });
  });

  test('keeps own tests that are skipped or still to do', () => {
    const all = [of('a', 'pending'), of('b', 'todo'), of('c', 'pending')];
    const filtered = filterResults(resultOf(all), [0, 1, 2], record([0, 1]));
    expect(names(filtered)).toEqual(['a', 'b']);
    expect(filtered).toMatchObject({ numPassingTests: 0, numPendingTests: 1, numTodoTests: 1 });
  });

  test('hides no test that ran: a foreign one and one that nobody declared stay, for the proof to name', () => {
    const all = [of('a', 'passed'), of('b', 'failed'), of('late', 'pending')];
    const filtered = filterResults(resultOf(all), [0, 1, null], record([0]));
    expect(names(filtered)).toEqual(['a', 'b', 'late']);
    expect(filtered.jestDistributed.ran).toEqual([0, 1, null]);
  });

  test('without own tests holds one that stands for nothing and counts nothing', () => {
    const filtered = filterResults(resultOf([of('a', 'pending'), of('b', 'pending')]), [0, 1], record([]));
    expect(filtered.testResults).toEqual([expect.objectContaining({ fullName: EMPTY_TITLE, status: 'pending' })]);
    expect(filtered).toMatchObject({ numPassingTests: 0, numFailingTests: 0, numPendingTests: 0, numTodoTests: 0 });
    expect(filtered.jestDistributed).toMatchObject({ empty: true, ran: [] });
  });

  test('of a file that declares no test stays empty: that is for Jest to complain of', () => {
    expect(filterResults(resultOf([]), [], record([])).testResults).toEqual([]);
  });

  test('without own tests throws what the file threw, or nobody would see it', () => {
    const broken = resultOf([of('a', 'pending')], { testExecError: { message: 'no database', stack: 'at x' } });
    expect(() => filterResults(broken, [0], record([]))).toThrow('no database');
    // With own tests the error stands beside them.
    const own = resultOf([of('a', 'passed')], { testExecError: { message: 'no database' } });
    expect(filterResults(own, [0], record([0])).testExecError).toEqual({ message: 'no database' });
  });

  test('names tests as this Jest reports them', () => {
    const filtered = filterResults(resultOf([of('a', 'passed'), of('B!', 'passed')]), [0, 1], record([0, 1]));
    expect(filtered.jestDistributed.seen).toEqual(['a', 'B!', 'c', 'd']);
  });
});
