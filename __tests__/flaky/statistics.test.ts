import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isSeed, orderOf, randomOf, seedOf, shuffle } from '../../src/flaky/shuffle';
import { fisher, greenRunsNeeded, quantile, wilson } from '../../src/flaky/statistics';

const count = fc
  .integer({ min: 0, max: 60 })
  .chain((runs) => fc.record({ failures: fc.integer({ min: 0, max: runs }), runs: fc.constant(runs) }));

describe('wilson', () => {
  test('published values', () => {
    const rounded = (failures: number, runs: number) => {
      const { low, high } = wilson(failures, runs);
      return [low, high].map((share) => Math.round(share * 1000) / 1000);
    };
    expect(rounded(0, 10)).toEqual([0, 0.278]);
    expect(rounded(1, 10)).toEqual([0.018, 0.404]);
    expect(rounded(5, 10)).toEqual([0.237, 0.763]);
    expect(rounded(10, 10)).toEqual([0.722, 1]);
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
  });

  test('holds the share, and mirrors', () => {
    fc.assert(
      fc.property(count, ({ failures, runs }) => {
        const { low, high } = wilson(failures, runs);
        const mirrored = wilson(runs - failures, runs);
        const share = runs === 0 ? 0 : failures / runs;
        return low <= share && share <= high && Math.abs(mirrored.low - (1 - high)) < 1e-9;
      }),
    );
  });
});

describe('fisher', () => {
  test('tea with milk, and what a replay shows', () => {
    expect(fisher({ failures: 3, runs: 4 }, { failures: 1, runs: 4 })).toBeCloseTo(0.2429, 4);
    expect(fisher({ failures: 4, runs: 4 }, { failures: 0, runs: 4 })).toBeCloseTo(1 / 70, 6);
    expect(fisher({ failures: 10, runs: 10 }, { failures: 0, runs: 20 })).toBeLessThan(1e-6);
    expect(fisher({ failures: 0, runs: 10 }, { failures: 0, runs: 20 })).toBe(1);
  });

  test('is a chance, and less with each failure more', () => {
    fc.assert(
      fc.property(count, count, (first, second) => {
        const chance = fisher(first, second);
        if (chance < 0 || chance > 1) return false;
        if (first.failures === first.runs || second.failures === 0) return true;
        const more = fisher({ ...first, failures: first.failures + 1 }, { ...second, failures: second.failures - 1 });
        return more <= chance + 1e-9;
      }),
    );
  });
});

test('green runs that are needed', () => {
  expect(greenRunsNeeded(0.5)).toBe(5);
  expect(greenRunsNeeded(0.1)).toBe(29);
  expect(greenRunsNeeded(0.01)).toBe(299);
  expect(greenRunsNeeded(1)).toBe(1);
  expect(greenRunsNeeded(0)).toBe(Number.POSITIVE_INFINITY);
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), (rate) => {
      const runs = greenRunsNeeded(rate);
      return (1 - rate) ** runs <= 0.05 + 1e-9 && (runs === 1 || (1 - rate) ** (runs - 1) > 0.05 - 1e-9);
    }),
  );
});

test('quantiles by nearest rank', () => {
  expect(quantile([], 0.5)).toBeNull();
  expect(quantile([3, 1, 2], 0.5)).toBe(2);
  expect(
    quantile(
      Array.from({ length: 100 }, (_, index) => index + 1),
      0.95,
    ),
  ).toBe(95);
});

describe('shuffle', () => {
  test('a seed gives its order again, and nothing is lost', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.nat(), (items, seed) => {
        const once = shuffle(items, seed);
        expect(shuffle(items, seed)).toEqual(once);
        expect([...once].sort()).toEqual([...items].sort());
      }),
    );
  });

  test('each place is as likely as any other', () => {
    const places = [0, 0, 0, 0];
    for (let seed = 0; seed < 4000; seed++) {
      const place = shuffle(['a', 'b', 'c', 'd'], seedOf(17, seed)).indexOf('a');
      places[place] = (places[place] ?? 0) + 1;
    }
    for (const often of places) expect(Math.abs(often - 1000)).toBeLessThan(120);
    expect(randomOf(1)()).not.toBe(randomOf(2)());
    expect([isSeed(0), isSeed(2 ** 32), isSeed(1.5), isSeed(-1)]).toEqual([true, false, false, false]);
  });
});

describe('orderOf', () => {
  test('each order of a few files comes before one comes twice, the given one first, and a seed gives them again', () => {
    const orders = (seed: number, rounds: number) =>
      Array.from({ length: rounds }, (_, round) => orderOf(['a', 'b', 'c'], seed, round).join(''));
    expect(new Set(orders(7, 6)).size).toBe(6);
    expect(orders(7, 7)[0]).toBe('abc');
    expect(orders(7, 7)[6]).toBe('abc');
    expect(orders(7, 6)).toEqual(orders(7, 6));
    expect(orderOf(['clock', 'report'], 3, 1)).toEqual(['report', 'clock']);
  });

  test('a long list is shuffled', () => {
    const list = Array.from({ length: 20 }, (_, index) => index);
    expect([...orderOf(list, 1, 4)].sort((a, b) => a - b)).toEqual(list);
    expect(orderOf(list, 1, 4)).not.toEqual(orderOf(list, 1, 5));
  });
});
