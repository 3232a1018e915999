import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { TestFile } from '../../src/plan/item';
import { estimate } from '../../src/timings/estimates';
import { emptyTimings, type Timings } from '../../src/timings/timings';
import { foldDurations } from '../../src/timings/update';

function file(path: string, project: string | null = null): TestFile {
  return { project, path };
}

function recorded(durations: Record<string, number>, project: string | null = null): Timings {
  const results = Object.entries(durations).map(([path, durationMs]) => ({ project, path, durationMs, ok: true }));
  return foldDurations(emptyTimings, results);
}

describe('with timings', () => {
  test('known files have their duration and others the median of the known', () => {
    const timings = recorded({ a: 10, b: 30, c: 500, unrelated: 9999 });
    expect(estimate([file('new'), file('c'), file('a'), file('renamed'), file('b')], { timings })).toEqual({
      unit: 'ms',
      estimates: [30, 500, 10, 30, 30],
    });
  });

  test('an even number of known files gives the lower one of the middle', () => {
    expect(estimate([file('a'), file('b'), file('new')], { timings: recorded({ a: 10, b: 30 }) }).estimates).toEqual([
      10, 30, 10,
    ]);
  });

  test('a file of another project with the same path is not known', () => {
    const timings = recorded({ a: 10, b: 40, c: 50 }, 'web');
    const files = [file('a', 'web'), file('b', 'web'), file('c', 'web'), file('a', 'node')];
    expect(estimate(files, { timings }).estimates).toEqual([10, 40, 50, 40]);
  });

  test('that know none of the files, sizes decide', () => {
    const timings = recorded({ elsewhere: 10 });
    expect(estimate([file('a')], { timings, bytes: () => 50 })).toEqual({ unit: 'bytes', estimates: [100] });
    expect(estimate([file('a')], { timings })).toEqual({ unit: 'files', estimates: [1] });
  });
});

describe('without timings', () => {
  test('a file counts its size plus the median size', () => {
    const sizes: Record<string, number> = { a: 100, b: 300, c: 0 };
    const files = [file('a'), file('b'), file('c'), file('untracked')];
    expect(estimate(files, { bytes: ({ path }) => sizes[path] })).toEqual({
      unit: 'bytes',
      estimates: [200, 400, 100, 200],
    });
  });

  test('and without any size every file counts 1', () => {
    expect(estimate([file('a'), file('b')], { bytes: () => undefined })).toEqual({ unit: 'files', estimates: [1, 1] });
    expect(estimate([file('a'), file('b')], {})).toEqual({ unit: 'files', estimates: [1, 1] });
  });
});

test('estimates are positive integers, and follow their files in any order', () => {
  const knowledge = fc.record({
    timings: fc.option(
      fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.double({ min: 0, max: 1e6, noNaN: true })),
      { nil: undefined },
    ),
    sizes: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat()),
  });
  const files = ['a', 'b', 'c', 'd', 'e'].map((path) => file(path));
  fc.assert(
    fc.property(knowledge, fc.shuffledSubarray(files, { minLength: files.length }), ({ timings, sizes }, shuffled) => {
      const known = { timings: timings && recorded(timings), bytes: ({ path }: TestFile) => sizes[path] };
      const { unit, estimates } = estimate(files, known);
      const other = estimate(shuffled, known);
      expect(estimates.every((value) => Number.isSafeInteger(value) && value > 0)).toBe(true);
      expect(other).toEqual({ unit, estimates: shuffled.map((entry) => estimates[files.indexOf(entry)]) });
    }),
  );
});
