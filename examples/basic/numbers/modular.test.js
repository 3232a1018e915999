const { isPrime, powerModulo } = require('./modular');

test('agrees with plain powers', () => {
  for (let base = 2n; base < 30n; base++) {
    for (let exponent = 0n; exponent < 30n; exponent++) {
      expect(powerModulo(base, exponent, 1_009n)).toBe(base ** exponent % 1_009n);
    }
  }
});

test('Mersenne exponents below 80', () => {
  const exponents = [];
  for (let p = 2n; p < 80n; p++) if (isPrime(2n ** p - 1n)) exponents.push(Number(p));
  expect(exponents).toEqual([2, 3, 5, 7, 13, 17, 19, 31, 61]);
});

test('is not fooled by Carmichael numbers', () => {
  for (const number of [561n, 1_105n, 1_729n, 2_465n, 825_265n]) expect(isPrime(number)).toBe(false);
});
