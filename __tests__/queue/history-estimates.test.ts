import { describe, expect, test } from '@jest/globals';
import { sortForClaims } from '../../src/queue/claim-order';
import { estimateEntries } from '../../src/queue/history-estimates';
import type { QueueEntry } from '../../src/queue/queue';

const entry = (path: string, more: Partial<QueueEntry> = {}): QueueEntry => ({
  file: { project: null, path },
  part: null,
  estimate: 7,
  home: 1,
  ...more,
});
const past = (path: string, meanMs: number, part: string | null = null, project: string | null = null) => ({
  file: { project, path },
  part,
  meanMs,
  failedLast: false,
});
const expected = (entries: readonly QueueEntry[]) => entries.map(({ estimate }) => estimate);

describe('estimates from the history', () => {
  test('replace what the plan expected, and the median of the known stands for the unknown', () => {
    const entries = ['a', 'new', 'b', 'c'].map((path) => entry(path));
    const known = [past('a', 100), past('b', 20), past('c', 3000), past('deleted', 1)];
    expect(expected(estimateEntries(entries, known, 1, 'bytes'))).toEqual([100, 100, 20, 3000]);
    expect(expected(estimateEntries(entries, known.slice(0, 2), 1, 'bytes'))).toEqual([100, 20, 20, 20]);
  });

  test('leave the plan what only its timings know, as the new parts of a file whose split changed', () => {
    const entries = [entry('a', { part: '1/3', estimate: 900 }), entry('b')];
    expect(expected(estimateEntries(entries, [past('b', 20)], 1, 'ms'))).toEqual([900, 20]);
    expect(expected(estimateEntries(entries, [past('b', 20)], 1, 'files'))).toEqual([20, 20]);
  });

  test('know a part only by its own name, and a file only in its own project', () => {
    const entries = [entry('a', { part: '1' }), entry('a', { part: '2' }), entry('b'), entry('c')];
    const known = [past('a', 900), past('a', 30, '2'), past('b', 800, null, 'web'), past('c', 10)];
    expect(expected(estimateEntries(entries, known, 1, 'bytes'))).toEqual([10, 30, 10, 10]);
  });

  test('are whole milliseconds, 1 at least', () => {
    expect(expected(estimateEntries([entry('a'), entry('b')], [past('a', 0.2), past('b', 1.6)], 1, 'bytes'))).toEqual([
      1, 2,
    ]);
  });

  test('leave all as it was where nothing is known', () => {
    const entries = [entry('a', { estimate: 5 }), entry('b', { home: null })];
    expect(estimateEntries(entries, [past('other', 100)], 2, 'bytes')).toEqual(entries);
    expect(estimateEntries([], [past('other', 100)], 2, 'bytes')).toEqual([]);
  });

  test('mark what failed last time, which then has no home, also where no duration is known', () => {
    const entries = ['a', 'b', 'c'].map((path) => entry(path));
    const known = [past('a', 100), { ...past('b', 10), failedLast: true }, past('c', 100)];
    const marked = estimateEntries(entries, known, 1, 'bytes');
    expect(marked.map(({ failedLast }) => failedLast ?? false)).toEqual([false, true, false]);
    expect(marked[1]?.home).toBe(null);
    expect(sortForClaims(marked).map(({ file }) => file.path)).toEqual(['b', 'a', 'c']);
    const never = [{ ...past('b', 10), meanMs: null, failedLast: true }];
    expect(sortForClaims(estimateEntries(entries, never, 1, 'bytes')).map(({ file }) => file.path)).toEqual([
      ...['b', 'a', 'c'],
    ]);
  });

  test('take the home from what turns out to be heavy', () => {
    const entries = ['long', ...Array.from({ length: 40 }, (_, index) => `s${index}`)].map((path) => entry(path));
    const known = [past('long', 1000), ...entries.slice(1).map(({ file }) => past(file.path, 100))];
    expect(estimateEntries(entries, known, 1, 'bytes').map(({ home }) => home)).toEqual([null, ...Array(40).fill(1)]);
  });
});
