import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { countParts, splitTests, totalOf } from '../../src/plan/split';

const times = fc.array(fc.tuple(fc.string(), fc.nat(10_000)), { maxLength: 60 }).map((entries) => new Map(entries));

describe('splitTests', () => {
  test('puts every name into exactly one part, whatever the order', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 9 }), fc.func(fc.integer()), (tests, count, rank) => {
        const parts = splitTests(tests, count);
        expect(parts).toHaveLength(count);
        expect(parts.flatMap((part) => part.tests).sort()).toEqual([...tests.keys()].sort());
        for (const part of parts) {
          expect(part.durationMs).toBe(part.tests.reduce((sum, name) => sum + (tests.get(name) as number), 0));
        }
        const shuffled = new Map([...tests].sort((one, other) => rank(one) - rank(other)));
        expect(splitTests(shuffled, count)).toEqual(parts);
      }),
    );
  });

  test('parts differ by one test at most', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 9 }), (tests, count) => {
        const loads = splitTests(tests, count).map(({ durationMs }) => durationMs);
        const longest = Math.max(0, ...tests.values());
        expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(longest);
      }),
    );
  });

  test('no part is empty while there are tests, even tests of no duration', () => {
    const tests = new Map(['a', 'b', 'c', 'd'].map((name) => [name, 0]));
    expect(splitTests(tests, 3).map((part) => part.tests)).toEqual([['a', 'd'], ['b'], ['c']]);
  });
});

describe('countParts', () => {
  const ten = new Map(Array.from({ length: 10 }, (_, index) => [`test ${index}`, 100]));

  test.each([
    // 1000 ms of tests and 100 ms besides
    [1100, 1100, 8, 1],
    [1100, 600, 8, 2],
    [1100, 350, 8, 4],
    // Below the fixed cost it does not pay to go: 1000 / 100.
    [1100, 50, 99, 10],
    [1100, 350, 3, 3],
    // Concurrent tests: together longer than the file.
    [500, 250, 8, 4],
  ])('a file of %i ms for a share of %i ms, at most %i', (fileMs, share, atMost, count) => {
    expect(countParts(fileMs, ten, share, atMost)).toBe(count);
  });

  test('is never more than the tests and never less than one', () => {
    fc.assert(
      fc.property(times, fc.nat(20_000), fc.integer({ min: 1, max: 20_000 }), (tests, extraMs, share) => {
        const count = countParts(totalOf(tests) + extraMs, tests, share, 16);
        expect(count).toBeGreaterThanOrEqual(1);
        expect(count).toBeLessThanOrEqual(Math.min(16, Math.max(1, tests.size)));
      }),
    );
  });
});
