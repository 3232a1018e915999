import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sparkline } from '../../../src/reports/terminal/sparkline';
import type { Terminal } from '../../../src/reports/terminal/terminal';

const terminal: Terminal = { columns: 80, color: false, unicode: true, interactive: false };

test('heights are in proportion, from zero', () => {
  expect(sparkline([1, 2, 4, 8], terminal).join('')).toBe('▁▂▄█');
  expect(sparkline([100, 101], terminal).join('')).toBe('██');
  expect(sparkline([0, 0], terminal).join('')).toBe('▁▁');
  expect(sparkline([], terminal)).toEqual([]);
  expect(sparkline([1, 8], { ...terminal, unicode: false }).join('')).toBe('_#');
});

test('the greater value is never the lower column', () => {
  const levels = sparkline([1, 2, 3, 4, 5, 6, 7, 8], terminal);
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1e9, noNaN: true })), (values) => {
      const heights = sparkline(values, terminal).map((sign) => levels.indexOf(sign));
      values.forEach((a, i) => {
        values.forEach((b, j) => {
          if (a < b) expect(heights[i]).toBeLessThanOrEqual(heights[j] as number);
        });
      });
    }),
  );
});
