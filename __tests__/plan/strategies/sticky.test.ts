import { describe, expect, test } from '@jest/globals';
import { measure } from '../../../src/plan/makespan';
import { boundedRing } from '../../../src/plan/strategies/bounded-ring';
import { longestFirst } from '../../../src/plan/strategies/lpt';
import { sticky } from '../../../src/plan/strategies/sticky';
import type { Assignment, StrategyInput } from '../../../src/plan/strategies/strategy';
import { randomFrom, type Shape, shapes, suite } from '../suite';

const asMap = ({ keys }: StrategyInput, { nodeOf }: Pick<Assignment, 'nodeOf'>): Map<string, number> =>
  new Map(keys.map((key, index) => [key, nodeOf[index] as number]));

/** Where files are once sticky has planned twice. */
function settled(input: StrategyInput): Map<string, number> {
  const first = asMap(input, boundedRing(input));
  return asMap(input, sticky({ ...input, previous: first }));
}

function movedShare(input: StrategyInput, previous: Map<string, number>): number {
  const { nodeOf } = sticky({ ...input, previous });
  const moved = input.keys.filter((key, index) => previous.has(key) && previous.get(key) !== nodeOf[index]);
  return moved.length / previous.size;
}

const average = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('sticky', () => {
  test('leaves everything where it was when nothing changed, and says so', () => {
    for (const shape of Object.keys(shapes) as Shape[]) {
      const input = suite(shape, 150, 6);
      const previous = settled(input);
      const { nodeOf, reasonOf } = sticky({ ...input, previous });
      expect(asMap(input, { nodeOf })).toEqual(previous);
      expect(new Set(input.keys.map((_, index) => reasonOf(index)))).toEqual(new Set(['sticky']));
    }
  });

  test.each(['lognormal', 'pareto'] as const)('moves under 1 %% when a file is added: %s', (shape) => {
    const shares = [2, 4, 8, 16].flatMap((nodes) =>
      [1, 2, 3].map((seed) =>
        movedShare(suite(shape, 401, nodes, 1, seed), settled(suite(shape, 400, nodes, 1, seed))),
      ),
    );
    expect(average(shares)).toBeLessThan(0.01);
  });

  test('is within 1.005 of the lower bound after noise, where bounds can be met', () => {
    const random = randomFrom(3);
    const balances = [2, 4, 8, 16, 32].map((nodes) => {
      const input = suite('lognormal', 600, nodes);
      const previous = settled(input);
      const estimates = Array.from(input.estimates, (estimate) =>
        Math.max(1, Math.round(estimate * (0.7 + 0.6 * random()))),
      );
      return measure({ ...input, estimates, nodeOf: sticky({ ...input, estimates, previous }).nodeOf }).balance;
    });
    expect(Math.max(...balances)).toBeLessThanOrEqual(1.005);
  });

  test.each(Object.keys(shapes) as Shape[])(
    'reaches 1.01 of longest-first packing from any previous assignment: %s',
    (shape) => {
      const over = [];
      const random = randomFrom(5);
      for (const count of [1, 4, 9, 30, 100]) {
        for (const nodes of [1, 2, 5, 8, 20]) {
          for (const workers of [1, 3]) {
            const input = suite(shape, count, nodes, workers, count);
            // Everything on one node, at random, and where there are too many nodes.
            const worst = new Map(input.keys.map((key) => [key, 0]));
            const any = new Map(input.keys.map((key) => [key, Math.floor(random() * nodes * 2)]));
            for (const previous of [worst, any, new Map<string, number>()]) {
              const { makespan } = measure({ ...input, nodeOf: sticky({ ...input, previous }).nodeOf });
              const best = measure({ ...input, nodeOf: longestFirst(input).nodeOf }).makespan;
              if (makespan > 1.01 * best) over.push({ count, nodes, workers, makespan, best });
            }
          }
        }
      }
      expect(over).toEqual([]);
    },
  );

  test('says which items are new and which were moved', () => {
    const keys = ['a', 'b', 'c', 'd', 'e'];
    const input = { keys, estimates: [10, 10, 10, 10, 10], nodes: 2, workers: 1 };
    const previous = new Map([
      ['a', 0],
      ['b', 0],
      ['c', 0],
      ['d', 0],
      ['gone', 1],
    ]);
    const { nodeOf, reasonOf } = sticky({ ...input, previous });
    expect(nodeOf[4]).toBe(1);
    expect(reasonOf(4)).toBe('new');
    const reasons = keys.slice(0, 4).map((_, index) => reasonOf(index));
    expect(reasons.filter((reason) => reason === 'sticky')).toHaveLength(3);
    expect(reasons.filter((reason) => reason === 'rebalanced')).toHaveLength(1);
    expect(nodeOf[reasons.indexOf('rebalanced')]).toBe(1);
  });

  test.each([2, -1, 0.5, Number.NaN])('takes node %p of two for no node at all', (node) => {
    const input = { keys: ['a'], estimates: [1], nodes: 2, workers: 1, previous: new Map([['a', node]]) };
    const { nodeOf, reasonOf } = sticky(input);
    expect(nodeOf[0]).toBe(0);
    expect(reasonOf(0)).toBe('new');
  });
});
