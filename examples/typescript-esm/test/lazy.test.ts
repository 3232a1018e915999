import { expect, test } from '@jest/globals';
import { filter, map, naturals, take } from '../src/lazy.js';

test('the first squares that end in 6, out of all numbers', () => {
  const squares = map(naturals(), (number) => number * number);
  expect([
    ...take(
      filter(squares, (square) => square % 10 === 6),
      5,
    ),
  ]).toEqual([16, 36, 196, 256, 576]);
});

test('asks for no value too many', () => {
  const asked: number[] = [];
  const source = map(naturals(), (number) => asked.push(number));
  expect([...take(source, 3)]).toHaveLength(3);
  expect(asked).toEqual([0, 1, 2]);
  expect([...take(source, 0)]).toEqual([]);
});
