import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { measure } from '../../../src/plan/makespan';
import { longestFirst, packLongestFirst } from '../../../src/plan/strategies/lpt';
import { prepare } from '../../../src/plan/workload';

const someItems = fc.uniqueArray(fc.tuple(fc.string({ maxLength: 9 }), fc.integer({ min: 1, max: 50 })), {
  selector: ([key]) => key,
  maxLength: 60,
});

describe('longestFirst', () => {
  test('is the textbook packing of Graham', () => {
    const estimates = [7, 7, 6, 6, 5, 4, 4, 5, 4];
    const input = { keys: estimates.map((_, index) => `f${index}`), estimates, nodes: 4, workers: 1 };
    expect(measure({ ...input, nodeOf: longestFirst(input).nodeOf }).makespan).toBe(15);
  });

  test('takes as long as it says, within the bound of list scheduling', () => {
    fc.assert(
      fc.property(
        someItems,
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 4 }),
        (items, nodes, workers) => {
          const input = {
            keys: items.map(([key]) => key),
            estimates: items.map(([, weight]) => weight),
            nodes,
            workers,
          };
          const { nodeOf, makespan } = packLongestFirst(prepare(input));
          expect(measure({ ...input, nodeOf }).makespan).toBe(makespan);
          const total = input.estimates.reduce((sum, weight) => sum + weight, 0);
          const slots = nodes * workers;
          const bound = total / slots + (1 - 1 / slots) * Math.max(0, ...input.estimates);
          expect(makespan).toBeLessThanOrEqual(bound + 1e-9);
        },
      ),
    );
  });

  test('spreads over nodes before it doubles up on one', () => {
    const input = { keys: ['a', 'b', 'c', 'd'], estimates: [1, 1, 1, 1], nodes: 4, workers: 4 };
    expect(new Set(Array.from(longestFirst(input).nodeOf)).size).toBe(4);
  });
});
