import { describe, expect, test } from '@jest/globals';
import { measure } from '../../../src/plan/makespan';
import { rebalance } from '../../../src/plan/strategies/local-search';
import { prepare } from '../../../src/plan/workload';
import { randomFrom, suite } from '../suite';

describe('polish', () => {
  const tiny = (estimates: number[], nodes: number) =>
    prepare({ keys: estimates.map((_, index) => `f${index}`), estimates, nodes, workers: 1 });

  test('changes nothing where the target is met', () => {
    const nodeOf = Uint32Array.of(0, 0, 1);
    expect(rebalance(tiny([3, 3, 4], 2), nodeOf, 6)).toBe(6);
    expect([...nodeOf]).toEqual([0, 0, 1]);
  });

  test('moves the one shortest item that is long enough', () => {
    const nodeOf = Uint32Array.of(0, 0, 0, 1);
    expect(rebalance(tiny([9, 2, 1, 8], 2), nodeOf, 10)).toBe(10);
    expect([...nodeOf]).toEqual([0, 1, 0, 1]);
  });

  test('swaps where no move is enough', () => {
    const nodeOf = Uint32Array.of(0, 0, 1, 1);
    expect(rebalance(tiny([6, 5, 4, 3], 2), nodeOf, 9)).toBe(9);
    expect([...nodeOf].sort()).toEqual([0, 0, 1, 1]);
  });

  test('stops where nothing improves, and says how far it came', () => {
    const nodeOf = Uint32Array.of(0, 0, 1);
    expect(rebalance(tiny([5, 5, 5], 2), nodeOf, 8)).toBe(10);
    expect(rebalance(tiny([7], 1), Uint32Array.of(0), 3)).toBe(7);
  });

  test('gets many short items under a target that no single move reaches', () => {
    const estimates = new Array(100).fill(10);
    const work = prepare({ keys: estimates.map((_, index) => `f${index}`), estimates, nodes: 3, workers: 2 });
    const nodeOf = Uint32Array.from(estimates, (_, index) => (index < 60 ? 0 : index < 80 ? 1 : 2));
    expect(rebalance(work, nodeOf, 170)).toBe(170);
    expect(measure({ ...work, nodeOf }).loads.every((load) => load <= 340)).toBe(true);
  });

  test.each([1, 2, 4])('lowers the makespan of a bad assignment, and says to what: %i workers', (workers) => {
    for (const shape of ['uniform', 'few sizes'] as const) {
      const input = suite(shape, 120, 7, workers);
      const work = prepare(input);
      const random = randomFrom(workers);
      const nodeOf = Uint32Array.from(input.keys, () => Math.floor(random() * 7));
      const before = measure({ ...input, nodeOf }).makespan;
      const reached = rebalance(work, nodeOf, work.lowerBound);
      expect(measure({ ...input, nodeOf }).makespan).toBe(reached);
      expect(reached).toBeLessThan(before);
    }
  });
});
