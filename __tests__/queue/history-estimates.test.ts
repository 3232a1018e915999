import { describe, expect, test } from '@jest/globals';
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

  test('take the home from what turns out to be heavy', () => {
    const entries = ['long', ...Array.from({ length: 40 }, (_, index) => `s${index}`)].map((path) => entry(path));
    const known = [past('long', 1000), ...entries.slice(1).map(({ file }) => past(file.path, 100))];
    expect(estimateEntries(entries, known, 1, 'bytes').map(({ home }) => home)).toEqual([null, ...Array(40).fill(1)]);
  });
});
