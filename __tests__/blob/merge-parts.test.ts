import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FileRecord, StoredCoverage, StoredTest } from '../../src/blob/blob';
import { mergeParts } from '../../src/blob/merge-parts';
import { partOf, recordOf, resultOf } from '../proof/run';

const SEEN = ['one', 'two', 'same', 'same', 'five'];
const names = ({ result }: FileRecord): string[] => result.testResults.map(({ fullName }) => fullName);

describe('parts of a file', () => {
  test('become one, in the order of the file', () => {
    const merged = mergeParts([
      partOf('a.js', ['p'], SEEN, ['five', 'one']),
      partOf('a.js', ['q'], SEEN, ['two', 'same', 'same']),
    ]);
    expect(names(merged)).toEqual(SEEN);
    expect(merged.result).toMatchObject({ numPassingTests: 5, numFailingTests: 0 });
    expect(merged.parts).toEqual(['p', 'q']);
  });

  test('hold every test once, however they were divided', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { minLength: 1, maxLength: 20 }), (owners) => {
        const seen = owners.map((_, index) => `test ${index}`);
        const parts = [0, 1, 2, 3].map((node) =>
          partOf(
            'a.js',
            [`${node}`],
            seen,
            seen.filter((_name, index) => owners[index] === node),
          ),
        );
        expect(names(mergeParts(parts))).toEqual(seen);
      }),
    );
  });

  test('lose the skipped stand-in of a part without tests, and keep tests that are skipped', () => {
    const standIn: StoredTest = { fullName: 'no test of this file is here', status: 'pending' };
    const skipped: StoredTest = { fullName: 'two', status: 'pending' };
    const empty = partOf('a.js', ['p'], ['one', 'two'], []);
    const full = partOf('a.js', ['q'], ['one', 'two'], ['one', 'two']);
    const merged = mergeParts([
      { ...empty, result: { ...empty.result, testResults: [standIn] } },
      { ...full, result: { ...full.result, testResults: [full.result.testResults[0] as StoredTest, skipped] } },
    ]);
    expect(names(merged)).toEqual(['one', 'two']);
    expect(merged.result).toMatchObject({ numPassingTests: 1, numPendingTests: 1 });
  });

  test('call a snapshot obsolete where the part that has its test does, and count one of no test once', () => {
    const part = (mine: string, uncheckedKeys: string[]): FileRecord => {
      const record = partOf('a.js', [mine], ['one', 'two'], [mine]);
      const snapshot = { ...record.result.snapshot, matched: 1, unchecked: uncheckedKeys.length, uncheckedKeys };
      return { ...record, result: { ...record.result, snapshot } };
    };
    const merged = mergeParts([part('one', ['one 2', 'gone 1']), part('two', ['gone 1'])]);
    expect(merged.result.snapshot).toMatchObject({ matched: 2, unchecked: 2, uncheckedKeys: ['one 2', 'gone 1'] });
  });

  test('add what they printed, failed and covered', () => {
    const coverage = (hits: number): StoredCoverage => ({
      babel: { 'a.js': { path: 'a.js', s: { '0': hits, '1': 0 }, f: { '0': 1 }, b: { '0': [hits, 0] } } },
      v8: null,
    });
    const part = (mine: string, hits: number): FileRecord => {
      const record = partOf('a.js', [mine], ['one', 'two'], [mine]);
      const result = { ...record.result, console: [{ message: mine }], failureMessage: `${mine} failed` };
      return {
        ...record,
        result,
        coverage: coverage(hits),
        execError: hits === 2 ? { message: 'no', stack: '' } : null,
      };
    };
    const merged = mergeParts([part('one', 1), part('two', 2)]);
    expect(merged.result).toMatchObject({
      console: [{ message: 'one' }, { message: 'two' }],
      failureMessage: 'one failed\ntwo failed',
    });
    expect(merged.execError).toEqual({ message: 'no', stack: '' });
    expect(merged.coverage.babel).toEqual({
      'a.js': { path: 'a.js', s: { '0': 3, '1': 0 }, f: { '0': 2 }, b: { '0': [3, 0] } },
    });
  });

  test('keep pointing cases at their tests', () => {
    const first = partOf('a.js', ['p'], SEEN, ['five']);
    const retried = { fullName: 'five', status: 'failed', invocations: 1 };
    const merged = mergeParts([{ ...first, cases: [retried, 0] }, partOf('a.js', ['q'], SEEN, ['one'])]);
    expect(merged.cases).toEqual([retried, 1, 0]);
  });
});

test('a whole file stands alone beside a part that ran for nothing', () => {
  const whole = recordOf('a.js', { result: resultOf('a.js', ['one', 'two']) });
  expect(mergeParts([partOf('a.js', ['p'], ['one', 'two'], ['one']), whole])).toBe(whole);
});
