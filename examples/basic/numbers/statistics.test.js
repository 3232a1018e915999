const { mean, median, quantile } = require('./statistics');

test('mean and median differ where one value is far out', () => {
  expect(mean([1, 2, 3, 4, 90])).toBe(20);
  expect(median([1, 2, 3, 4, 90])).toBe(3);
  expect(median([1, 2, 3, 4])).toBe(2.5);
});

test('quantiles of 0 to 100', () => {
  const numbers = Array.from({ length: 101 }, (_, i) => 100 - i);
  expect([0, 0.25, 0.5, 0.95, 1].map((part) => quantile(numbers, part))).toEqual([0, 25, 50, 95, 100]);
});

test('leaves the numbers in their order', () => {
  const numbers = [3, 1, 2];
  median(numbers);
  expect(numbers).toEqual([3, 1, 2]);
});

test('has no quantile of nothing', () => {
  expect(() => median([])).toThrow(RangeError);
});
