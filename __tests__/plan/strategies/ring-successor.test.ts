import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ringFor } from '../../../src/plan/strategies/ring';
import { firstClockwise } from '../../../src/plan/strategies/ring-successor';

test('finds the node that walking point by point finds, however few fit', () => {
  const nodes = fc.integer({ min: 1, max: 60 });
  fc.assert(
    fc.property(
      nodes,
      fc.nat(),
      fc.uniqueArray(fc.nat({ max: 59 }), { maxLength: 4 }),
      fc.boolean(),
      (count, from, few, most) => {
        const ring = ringFor(count);
        const position = from % ring.points.length;
        const fits = (node: number) => few.includes(node) !== most;
        let expected: number | undefined;
        for (let step = 0; step < ring.points.length && expected === undefined; step++) {
          const node = ring.owners[(position + step) % ring.points.length] as number;
          if (fits(node)) expected = node;
        }
        expect(firstClockwise(ring, position, fits)).toBe(expected);
      },
    ),
    { numRuns: 500 },
  );
});

test('asks on past the last point', () => {
  const ring = ringFor(50);
  const last = ring.points.length - 1;
  expect(firstClockwise(ring, last, (node) => node === ring.owners[0])).toBe(ring.owners[0]);
});
