import { describe, expect, test } from '@jest/globals';
import { measure } from '../../../src/plan/makespan';
import { boundedRing } from '../../../src/plan/strategies/bounded-ring';
import { longestFirst } from '../../../src/plan/strategies/lpt';
import { hashKey, ringFor } from '../../../src/plan/strategies/ring';
import type { StrategyInput } from '../../../src/plan/strategies/strategy';
import { type Shape, shapes, suite } from '../suite';

const counts = [1, 2, 3, 5, 8, 13, 33, 77, 150, 400];
const nodeCounts = [1, 2, 3, 4, 6, 7, 12, 20, 32];

const measured = (input: StrategyInput) => measure({ ...input, nodeOf: boundedRing(input).nodeOf });

/** Share of the items of the first that are elsewhere in the second. */
function movedShare(before: StrategyInput, after: StrategyInput): number {
  const then = boundedRing(before).nodeOf;
  const now = boundedRing(after).nodeOf;
  return before.keys.filter((_, index) => then[index] !== now[index]).length / before.keys.length;
}

describe('the makespan of the bounded ring', () => {
  test.each(Object.keys(shapes) as Shape[])('is at most 1.01 of longest-first packing, every time: %s', (shape) => {
    const over = [];
    for (const count of counts) {
      for (const nodes of nodeCounts) {
        for (const workers of [1, 2, 4]) {
          const input = suite(shape, count, nodes, workers, count + nodes);
          const { makespan } = measured(input);
          const best = measure({ ...input, nodeOf: longestFirst(input).nodeOf }).makespan;
          if (makespan > 1.01 * best) over.push({ count, nodes, workers, makespan, best });
        }
      }
    }
    expect(over).toEqual([]);
  });

  test.each([
    ['pareto', 10, 2, 1, 1],
    ['heavy pareto', 15, 4, 1, 3],
    ['uniform', 8, 3, 1, 2],
    ['uniform', 60, 10, 2, 5],
  ] as const)(
    'is so where placing along the ring and rebalancing fail: %s, %i files',
    (shape, count, nodes, workers, seed) => {
      const input = suite(shape, count, nodes, workers, seed);
      const best = measure({ ...input, nodeOf: longestFirst(input).nodeOf }).makespan;
      expect(measured(input).makespan).toBeLessThanOrEqual(1.01 * best);
    },
  );

  test.each(['lognormal', 'pareto'] as const)('is 1.01 of the lower bound on average: %s', (shape) => {
    const balances = nodeCounts.flatMap((nodes) =>
      [300, 1000].map((count) => measured(suite(shape, count, nodes)).balance),
    );
    expect(balances.reduce((sum, balance) => sum + balance, 0) / balances.length).toBeLessThanOrEqual(1.01);
  });

  test('is that of a giant file that outweighs all others together', () => {
    const small = suite('uniform', 60, 4);
    const input = { ...small, keys: [...small.keys, 'giant'], estimates: [...Array.from(small.estimates), 1_000_000] };
    const { makespan, balance } = measured(input);
    expect(makespan).toBeGreaterThanOrEqual(1_000_000);
    expect(balance).toBeLessThanOrEqual(1.008);
  });

  test('deals equal files out evenly', () => {
    for (const [count, nodes] of [
      [100, 4],
      [101, 4],
      [10, 4],
      [3, 8],
      [1000, 33],
    ] as const) {
      const { loads } = measured(suite('all equal', count, nodes));
      expect(Math.max(...loads)).toBe(Math.ceil(count / nodes));
    }
  });

  test('holds where loads pass 2^31 and 2^50', () => {
    for (const unit of [2 ** 24, 2 ** 34]) {
      const input = suite('lognormal', 400, 8);
      const large = { ...input, estimates: Array.from(input.estimates, (estimate) => estimate * unit) };
      expect(measured(large).balance).toBeLessThanOrEqual(1.01);
    }
  });
});

describe('what the bounded ring moves', () => {
  const average = (shares: number[]) => shares.reduce((sum, share) => sum + share, 0) / shares.length;

  test.each(['lognormal', 'pareto'] as const)('is little when a file is added: %s', (shape) => {
    const shares = [2, 4, 8, 16].flatMap((nodes) =>
      [1, 2, 3].map((seed) => movedShare(suite(shape, 400, nodes, 1, seed), suite(shape, 401, nodes, 1, seed))),
    );
    expect(average(shares)).toBeLessThan(0.05);
  });

  test('is nothing when the same files come with the same durations from another checkout', () => {
    const input = suite('lognormal', 300, 6);
    expect(movedShare(input, structuredClone(input))).toBe(0);
  });

  test('keeps most files at home when a node is added', () => {
    const shares = [3, 7, 15].map((nodes) =>
      movedShare(suite('lognormal', 400, nodes), suite('lognormal', 400, nodes + 1)),
    );
    expect(average(shares)).toBeLessThan(0.35);
  });
});

describe('the reasons of the bounded ring', () => {
  test('say home exactly where the ring would have it', () => {
    const input = suite('lognormal', 400, 7);
    const { nodeOf, reasonOf } = boundedRing(input);
    const ring = ringFor(7);
    const reasons = input.keys.map((_, index) => reasonOf(index));
    expect(reasons.map((reason) => reason === 'home')).toEqual(
      input.keys.map((key, index) => ring.nodeAt(hashKey(key)) === nodeOf[index]),
    );
    expect(new Set(reasons)).toEqual(new Set(['home', 'overflow']));
  });

  test('say rebalanced where a move lowered the makespan, which coarse files need', () => {
    const reasons = new Set<string>();
    for (let seed = 1; seed <= 20; seed++) {
      const input = suite('uniform', 40, 4, 1, seed);
      const { reasonOf } = boundedRing(input);
      for (const index of input.keys.keys()) reasons.add(reasonOf(index));
    }
    expect(reasons).toEqual(new Set(['home', 'overflow', 'rebalanced']));
  });
});
