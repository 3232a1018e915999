import { describe, expect, test } from '@jest/globals';
import { addCoverage } from '../../../../src/blob/merge-fields';
import { mergeSlices, WHOLE_DURATION_PROPERTY } from '../../../../src/jest/split/slices/merge-results';
import type { SliceResult } from '../../../../src/jest/split/slices/slice-types';
import { mergeV8 } from '../../../../src/jest/split/slices/v8-coverage';

const seen = ['a', 'b', 'c', 'd'];

function slice(mine: readonly number[], more: Partial<SliceResult> = {}): SliceResult {
  const testResults = mine.map((index) => {
    const title = seen[index] as string;
    return { ancestorTitles: [], title, fullName: title, status: 'passed', duration: 100 };
  });
  return {
    numFailingTests: 0,
    numPassingTests: mine.length,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults,
    failureMessage: null,
    leaks: false,
    skipped: false,
    openHandles: [],
    perfStats: { start: 1000, end: 1050 + mine.length * 100, runtime: 50 + mine.length * 100, slow: false },
    snapshot: {
      added: 0,
      fileDeleted: false,
      matched: 1,
      unchecked: 2,
      uncheckedKeys: ['x', 'y'],
      unmatched: 0,
      updated: 0,
    },
    jestDistributed: {
      split: true,
      mode: 'named',
      by: 'test-runner',
      seen,
      mine,
      ran: mine,
      testsPerNode: null,
      empty: mine.length === 0,
    },
    ...more,
  };
}

describe('slices', () => {
  test('become one result: tests in the order of the file, sums, and what only all together know', () => {
    const snapshot = { ...slice([]).snapshot, uncheckedKeys: ['y', 'z'] };
    // What a slice calls obsolete is of its own tests, or of none: to it, the others' snapshots are used.
    const merged = mergeSlices('/a', [
      slice([1, 3], { console: ['one'] }),
      slice([0, 2], { console: ['two'], snapshot }),
    ]);
    expect(merged.testResults.map(({ fullName }) => fullName)).toEqual(seen);
    expect(merged.jestDistributed?.mine).toEqual([0, 1, 2, 3]);
    expect(merged).toMatchObject({
      numPassingTests: 4,
      console: ['one', 'two'],
      snapshot: { matched: 2, unchecked: 3, uncheckedKeys: ['x', 'y', 'z'] },
      perfStats: { start: 1000, end: 1250, runtime: 250 },
      failureMessage: null,
    });
    // Both loaded it for 50 ms; one worker would have done so once.
    expect(merged[WHOLE_DURATION_PROPERTY]).toBe(450);
  });

  test('that ran their tests in another order, as --randomize does, stand in the order of the file', () => {
    const shuffled = (mine: readonly number[]): SliceResult => {
      const one = slice(mine);
      const record = one.jestDistributed as NonNullable<SliceResult['jestDistributed']>;
      return {
        ...one,
        testResults: [...one.testResults].reverse(),
        jestDistributed: { ...record, ran: [...mine].reverse() },
      };
    };
    const merged = mergeSlices('/a', [shuffled([0, 3]), shuffled([1, 2])]);
    expect(merged.testResults.map(({ fullName }) => fullName)).toEqual(seen);
  });

  test('that do not load say so once', () => {
    const failure = {
      testExecError: new Error('no'),
      failureMessage: 'no',
      jestDistributed: undefined,
      testResults: [],
    };
    const merged = mergeSlices('/a', [slice([], failure as never), slice([], failure as never)]);
    expect(merged.failureMessage).toBe('no');
    expect(merged.testExecError).toBe(failure.testExecError);
  });

  test('that saw different tests are no result', () => {
    const other = slice([0]);
    const record = {
      ...(other.jestDistributed as NonNullable<SliceResult['jestDistributed']>),
      seen: ['a', 'b', 'c', 'e'],
    };
    expect(() => mergeSlices('/a', [slice([1]), { ...other, jestDistributed: record }])).toThrow(
      'Two workers that share /a saw different tests in it: "d" is not the same in both.',
    );
  });

  test('in which nobody selected are no result', () => {
    const { jestDistributed: _, ...silent } = slice([0, 1, 2, 3]);
    expect(() => mergeSlices('/a', [silent, silent])).toThrow(
      'its test runner selected no tests, so each of them ran all',
    );
  });
});

describe('coverage', () => {
  test('counters add up, maps stay, and files of one slice only are kept', () => {
    const file = (s: number, b: number[]) => ({ path: '/x', statementMap: { 0: {} }, s: { 0: s }, f: {}, b: { 0: b } });
    const sum = addCoverage([{ '/x': file(1, [0, 1]) }, { '/x': file(0, [2, 0]), '/y': file(5, []) }]);
    expect(sum).toEqual({ '/x': file(1, [2, 1]), '/y': file(5, []) });
  });

  test('ranges of one script are merged: what any slice ran has run', () => {
    const script = (count: number, inner: number) => ({
      result: {
        url: 'file:///x',
        functions: [
          {
            functionName: '',
            isBlockCoverage: true,
            ranges: [
              { startOffset: 0, endOffset: 100, count },
              { startOffset: 10, endOffset: 20, count: inner },
            ],
          },
        ],
      },
    });
    const merged = mergeV8([[script(1, 0)], [script(1, 3)]]) as ReturnType<typeof script>[];
    expect(merged).toHaveLength(1);
    const ranges = merged[0]?.result.functions[0]?.ranges;
    expect(ranges?.map(({ count }) => count)).toEqual([2, 3]);
  });
});
