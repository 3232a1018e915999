import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { relabel } from '../../../src/plan/strategies/match-bins';
import { prepare } from '../../../src/plan/workload';

test('each group gets the node with which it shares most', () => {
  const work = prepare({ keys: ['a', 'b', 'c', 'd'], estimates: [5, 1, 4, 3], nodes: 3, workers: 1 });
  expect([...relabel(work, Uint32Array.of(0, 0, 1, 2), [2, 1, 0, 0])]).toEqual([2, 2, 0, 1]);
});

test('items without a node to be at do not matter, and groups without items take what is left', () => {
  const work = prepare({ keys: ['a', 'b'], estimates: [1, 9], nodes: 2, workers: 1 });
  expect([...relabel(work, Uint32Array.of(0, 0), [1, 2])]).toEqual([1, 1]);
});

test('groups stay together and apart', () => {
  const someItems = fc.array(fc.tuple(fc.integer({ min: 1, max: 99 }), fc.nat({ max: 5 }), fc.nat({ max: 9 })), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(someItems, (items) => {
      const work = prepare({
        keys: items.map((_, index) => String(index)),
        estimates: items.map(([estimate]) => estimate),
        nodes: 6,
        workers: 1,
      });
      const groups = items.map(([, group]) => group);
      const nodes = relabel(
        work,
        Uint32Array.from(groups),
        items.map(([, , wanted]) => wanted),
      );
      const pairs = new Set(groups.map((group, index) => `${group} ${nodes[index]}`));
      expect(pairs.size).toBe(new Set(groups).size);
      expect(new Set(nodes).size).toBe(new Set(groups).size);
      expect([...nodes].every((node) => node < 6)).toBe(true);
    }),
  );
});
