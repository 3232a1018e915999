import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareTied, longestFirstOrder, sortItems } from '../../src/plan/sort-items';

interface Entry {
  readonly key: string;
  readonly second: number;
  readonly value: number;
}

// Few values and few second hashes, so that all three levels of the order decide somewhere.
const entriesUpTo = (most: number) =>
  fc.uniqueArray(
    fc.record({
      key: fc.string({ maxLength: 4 }),
      second: fc.oneof(fc.nat({ max: 2 }), fc.constantFrom(2 ** 31, 2 ** 32 - 1)),
      value: fc.oneof(fc.nat({ max: 2 }), fc.integer({ min: 0, max: most })),
    }),
    { selector: ({ key }) => key, maxLength: 80 },
  );

const workOf = (entries: readonly Entry[]) => ({
  keys: entries.map(({ key }) => key),
  secondHashes: Uint32Array.from(entries, ({ second }) => second),
});

const byHand = (one: Entry, other: Entry) =>
  one.value - other.value || one.second - other.second || (one.key < other.key ? -1 : 1);

describe('sortItems', () => {
  test.each([2 ** 32 - 1, 2 ** 53 - 1])('sorts by value, second hash and key; values up to %i', (most) => {
    fc.assert(
      fc.property(entriesUpTo(most), (entries) => {
        const items = Uint32Array.from(entries.keys());
        sortItems(
          items,
          entries.map(({ value }) => value),
          workOf(entries),
        );
        expect(Array.from(items, (item) => entries[item])).toEqual([...entries].sort(byHand));
      }),
    );
  });

  test('sorts long runs of one value', () => {
    const entries = Array.from({ length: 500 }, (_, index) => ({
      key: `k${index}`,
      second: (index * 7919) % 37,
      value: index % 2,
    }));
    const items = Uint32Array.from(entries.keys());
    sortItems(
      items,
      entries.map(({ value }) => value),
      workOf(entries),
    );
    expect(Array.from(items, (item) => entries[item])).toEqual([...entries].sort(byHand));
  });

  test('sorts only the items it is given', () => {
    const items = Uint32Array.of(3, 1);
    sortItems(items, [0, 5, 0, 9], { keys: ['a', 'b', 'c', 'd'], secondHashes: new Uint32Array(4) });
    expect([...items]).toEqual([1, 3]);
  });
});

test('longestFirstOrder begins with the longest', () => {
  const work = {
    ...workOf([]),
    keys: ['b', 'a', 'c'],
    secondHashes: new Uint32Array(3),
    estimates: Float64Array.of(2, 2, 7),
  };
  expect([...longestFirstOrder(work)]).toEqual([2, 1, 0]);
});

test('compareTied tells by the key where second hashes are equal', () => {
  const work = { keys: ['a', 'b', 'c'], secondHashes: Uint32Array.of(1, 1, 0) };
  expect(compareTied(work, 0, 1)).toBeLessThan(0);
  expect(compareTied(work, 0, 2)).toBeGreaterThan(0);
  expect(compareTied(work, 1, 1)).toBe(0);
});
