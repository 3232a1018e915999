import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { shareSize, shareTimeMs } from '../../src/queue/campaign-share';

const count = (most: number) => fc.integer({ min: 1, max: most });

describe('what a node of a campaign takes', () => {
  test('is all where it is alone, else a part that shrinks to one file', () => {
    expect(shareSize({ open: 12, nodes: 1, isEndless: false })).toBe(12);
    const shares: number[] = [];
    for (let open = 40; open > 0; open -= shares.at(-1) as number) {
      shares.push(shareSize({ open, nodes: 2, isEndless: false }));
    }
    expect(shares).toEqual([10, 8, 6, 4, 3, 3, 2, 1, 1, 1, 1]);
  });

  test('is its whole share where it never comes back', () => {
    expect(shareSize({ open: 13, nodes: 4, isEndless: true })).toBe(4);
  });

  test('is never nothing, never more than there is', () => {
    fc.assert(
      fc.property(count(10_000), count(300), fc.boolean(), (open, nodes, isEndless) => {
        const taken = shareSize({ open, nodes, isEndless });
        expect(taken).toBeGreaterThanOrEqual(1);
        expect(taken).toBeLessThanOrEqual(open);
      }),
    );
  });
});

describe('the time for it', () => {
  test('is all of the time for the last files', () => {
    expect(shareTimeMs({ remainingMs: 600, taken: 3, open: 0, nodes: 4 })).toBe(600);
  });

  test('leaves time for the share of the others', () => {
    // Two nodes, twelve files: six are for this one, and it has three.
    expect(shareTimeMs({ remainingMs: 600, taken: 3, open: 6, nodes: 2 })).toBe(300);
  });
});
