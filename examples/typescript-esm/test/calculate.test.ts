import { expect, test } from '@jest/globals';
import { calculate } from '../src/calculate.js';

test.each([
  ['1 + 2 * 3', 7],
  ['(1 + 2) * 3', 9],
  ['2 ^ 3 ^ 2', 512],
  ['10 - 4 - 3', 3],
  ['8 / 4 / 2', 1],
  ['((7))', 7],
])('%s = %d', (source, value) => {
  expect(calculate(source)).toEqual({ ok: true, value });
});

test.each([
  ['', 'The sum ends too early'],
  ['1 +', 'The sum ends too early'],
  ['(1', 'A bracket is not closed'],
  ['1 2', 'Unexpected 2 at character 3'],
  ['1 + )', 'Unexpected ) at character 5'],
])('%j: %s', (source, reason) => {
  expect(calculate(source)).toEqual({ ok: false, reason });
});
