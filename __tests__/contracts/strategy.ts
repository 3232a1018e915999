/**
 * What every strategy must satisfy, whatever it aims for. Called from the tests of each.
 */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Strategy, StrategyInput } from '../../src/plan/strategies/strategy';

export interface StrategyContract {
  readonly strategy: Strategy;
  /** Where the strategy refuses to work without one. */
  readonly needsPrevious?: boolean;
}

interface Case extends StrategyInput {
  readonly keys: string[];
  readonly estimates: number[];
}

// A case has one kind of estimate: where most tie, the order of input would show, and one huge item makes all others
// light.
const estimates = [
  fc.constantFrom(1, 2, 100),
  fc.integer({ min: 1, max: 5000 }),
  fc.integer({ min: 2 ** 31, max: 2 ** 40 }),
  fc.oneof(fc.constantFrom(1, 2, 100), fc.integer({ min: 2 ** 31, max: 2 ** 40 })),
];

const someKey = fc.oneof(
  fc.integer({ min: 0, max: 5000 }).map((index) => `src/f${index}.test.js`),
  fc.string({ unit: 'binary', maxLength: 80 }),
);

const someCase: fc.Arbitrary<Case> = fc
  .constantFrom(...estimates)
  .chain((estimate) =>
    fc.record({
      entries: fc.uniqueArray(fc.tuple(someKey, estimate, fc.nat({ max: 12 })), {
        selector: ([key]) => key,
        maxLength: 120,
      }),
      nodes: fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 150 })),
      workers: fc.integer({ min: 1, max: 4 }),
      known: fc.integer({ min: 0, max: 120 }),
    }),
  )
  .map(({ entries, nodes, workers, known }) => ({
    keys: entries.map(([key]) => key),
    estimates: entries.map(([, weight]) => weight),
    nodes,
    workers,
    // Nodes that no longer exist are among them.
    previous: new Map(entries.slice(0, known).map(([key, , node]) => [key, node])),
  }));

/** Registers the contract's tests for one strategy. */
export function describeStrategy(name: string, { strategy, needsPrevious = false }: StrategyContract): void {
  describe(`${name} keeps the contract of strategies`, () => {
    const byKey = (input: StrategyInput): Map<string, readonly [number, string]> => {
      const { nodeOf, reasonOf } = strategy(input);
      return new Map(input.keys.map((key, index) => [key, [nodeOf[index] as number, reasonOf(index)]]));
    };

    test('every item is on exactly one node that exists', () => {
      fc.assert(
        fc.property(someCase, (input) => {
          const { nodeOf } = strategy(input);
          expect(nodeOf).toHaveLength(input.keys.length);
          const exists = (node: number) => Number.isInteger(node) && node >= 0 && node < input.nodes;
          expect(Array.from(nodeOf).filter((node) => !exists(node))).toEqual([]);
        }),
      );
    });

    test('any order of input gives the same, reasons included', () => {
      fc.assert(
        fc.property(
          someCase.chain((input) => {
            const order = input.keys.map((_, index) => index);
            return fc.tuple(fc.constant(input), fc.shuffledSubarray(order, { minLength: order.length }));
          }),
          ([input, order]) => {
            const shuffled = {
              ...input,
              keys: order.map((index) => input.keys[index] as string),
              estimates: order.map((index) => input.estimates[index] as number),
            };
            const sorted = (map: ReturnType<typeof byKey>) => [...map].sort(([one], [other]) => (one < other ? -1 : 1));
            expect(sorted(byKey(shuffled))).toEqual(sorted(byKey(input)));
          },
        ),
      );
    });

    test('the same input gives the same, and is not changed', () => {
      fc.assert(
        fc.property(someCase, (input) => {
          const copy = structuredClone(input);
          expect(byKey(input)).toEqual(byKey(copy));
          expect(input).toEqual(copy);
        }),
      );
    });

    test('typed arrays of estimates are as good as plain ones', () => {
      fc.assert(
        fc.property(someCase, (input) => {
          expect(byKey({ ...input, estimates: Float64Array.from(input.estimates) })).toEqual(byKey(input));
        }),
      );
    });

    test('one node gets everything', () => {
      fc.assert(
        fc.property(someCase, (input) => {
          const { nodeOf } = strategy({ ...input, nodes: 1 });
          expect(Array.from(nodeOf).every((node) => node === 0)).toBe(true);
        }),
      );
    });

    test('nothing to place gives an empty assignment', () => {
      expect(strategy({ keys: [], estimates: [], nodes: 4, workers: 2, previous: new Map() }).nodeOf).toHaveLength(0);
    });

    const one = { keys: ['a.test.js'], estimates: [1], nodes: 2, workers: 1, previous: new Map<string, number>() };

    test('a key that repeats is refused, and named readably', () => {
      const keys = ['web\0src/a.test.js', 'b.test.js', 'web\0src/a.test.js'];
      expect(() => strategy({ ...one, keys, estimates: [1, 2, 3] })).toThrow(
        new RangeError('The key "web: src/a.test.js" repeats.'),
      );
    });

    test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('an estimate of %p is refused', (weight) => {
      expect(() => strategy({ ...one, estimates: [weight] })).toThrow(
        new RangeError(`The estimate of "a.test.js" is ${weight}, not a positive integer.`),
      );
    });

    test.each([0, -1, 2.5, Number.NaN])('%p nodes or workers are refused', (count) => {
      expect(() => strategy({ ...one, nodes: count })).toThrow(`nodes is ${count}, not a positive integer.`);
      expect(() => strategy({ ...one, workers: count })).toThrow(`workers is ${count}, not a positive integer.`);
    });

    test('estimates that do not match the keys, or add up to more than can be counted, are refused', () => {
      expect(() => strategy({ ...one, estimates: [1, 2] })).toThrow('1 keys have 2 estimates.');
      const huge = { ...one, keys: ['a', 'b'], estimates: [2 ** 52, 2 ** 52] };
      expect(() => strategy(huge)).toThrow('The estimates add up to 9007199254740992, beyond 2^53.');
    });

    if (needsPrevious) {
      test('no previous assignment is refused', () => {
        const { previous: _, ...without } = one;
        expect(() => strategy(without)).toThrow(new RangeError('The sticky strategy needs a previous assignment.'));
      });
    }
  });
}
