const { primesUpTo } = require('./primes');

test('starts as everyone knows', () => {
  expect(primesUpTo(30)).toEqual([2, 3, 5, 7, 11, 13, 17, 19, 23, 29]);
});

test.each([
  [100, 25],
  [10_000, 1_229],
  [1_000_000, 78_498],
  [5_000_000, 348_513],
])('up to %i there are %i', (limit, count) => {
  expect(primesUpTo(limit)).toHaveLength(count);
});
