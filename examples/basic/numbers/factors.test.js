const { factors } = require('./primes');

test.each([
  [1, []],
  [360, [2, 2, 2, 3, 3, 5]],
  [9_973, [9_973]],
  [600_851_475_143, [71, 839, 1471, 6857]],
])('%i', (number, expected) => {
  expect(factors(number)).toEqual(expected);
});

test('the factors multiply to the number', () => {
  for (let number = 2; number < 20_000; number++) {
    if (factors(number).reduce((product, factor) => product * factor, 1) !== number) throw new Error(`${number}`);
  }
});
