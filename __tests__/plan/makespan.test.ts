import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { listScheduleMakespan, measure } from '../../src/plan/makespan';

describe('measure', () => {
  test('gives loads, makespan, lower bound and balance', () => {
    expect(measure({ nodeOf: [0, 1, 1, 0], estimates: [5, 3, 4, 2], nodes: 3, workers: 1 })).toEqual({
      loads: [7, 7, 0],
      times: [7, 7, 0],
      makespan: 7,
      lowerBound: 5,
      balance: 1.4,
    });
  });

  test('divides the total where no item is longer', () => {
    const { lowerBound, balance } = measure({ nodeOf: [0, 0, 1], estimates: [1, 1, 1], nodes: 2, workers: 1 });
    expect(lowerBound).toBe(1.5);
    expect(balance).toBe(2 / 1.5);
  });

  test('runs several items of a node at a time, longest first', () => {
    // 7 | 5, then 4 after 5, then 3 after 7: 10 and 9.
    const { loads, times, makespan, lowerBound } = measure({
      nodeOf: [0, 0, 0, 0],
      estimates: [3, 5, 7, 4],
      nodes: 1,
      workers: 2,
    });
    expect({ loads, times, makespan, lowerBound }).toEqual({ loads: [19], times: [10], makespan: 10, lowerBound: 9.5 });
  });

  test('calls nothing to run perfectly balanced', () => {
    const { loads, makespan, lowerBound, balance } = measure({ nodeOf: [], estimates: [], nodes: 2, workers: 2 });
    expect({ loads, makespan, lowerBound, balance }).toEqual({ loads: [0, 0], makespan: 0, lowerBound: 0, balance: 1 });
  });

  test('no time is under the lower bound of its node, and no balance under 1', () => {
    const items = fc.array(fc.tuple(fc.integer({ min: 1, max: 1000 }), fc.nat({ max: 3 })), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 5 }), (list, workers) => {
        const estimates = list.map(([estimate]) => estimate);
        const { loads, times, makespan, balance } = measure({
          nodeOf: list.map(([, node]) => node),
          estimates,
          nodes: 4,
          workers,
        });
        for (const [node, time] of times.entries()) {
          expect(time).toBeGreaterThanOrEqual((loads[node] as number) / workers);
          expect(time).toBeLessThanOrEqual(loads[node] as number);
        }
        expect(makespan).toBe(Math.max(...times));
        expect(balance).toBeGreaterThanOrEqual(1);
      }),
    );
  });
});

describe('listTime', () => {
  test('gives the next item to whoever is free first', () => {
    expect(listScheduleMakespan([4, 3, 2, 2], 2)).toBe(6);
    expect(listScheduleMakespan([4, 3, 2, 2], 1)).toBe(11);
    expect(listScheduleMakespan([4, 3, 2, 2], 9)).toBe(4);
    expect(listScheduleMakespan([], 3)).toBe(0);
  });
});
