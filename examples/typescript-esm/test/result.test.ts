import { expect, test } from '@jest/globals';
import { all, fail, ok } from '../src/result.js';

test('all values', () => {
  expect(all([ok(1), ok(2)])).toEqual(ok([1, 2]));
  expect(all([])).toEqual(ok([]));
});

test('the first reason', () => {
  expect(all([ok(1), fail('first'), fail('second')])).toEqual(fail('first'));
});
