const { Fraction } = require('./fraction');

test('is kept in lowest terms', () => {
  expect(String(new Fraction(6n, -8n))).toBe('-3/4');
  expect(String(new Fraction(0n, 5n))).toBe('0');
});

test('adds and multiplies exactly', () => {
  expect(String(new Fraction(1n, 10n).plus(new Fraction(2n, 10n)))).toBe('3/10');
  expect(String(new Fraction(2n, 3n).times(new Fraction(9n, 4n)))).toBe('3/2');
});

test('the harmonic sum of 20', () => {
  let sum = new Fraction(0n);
  for (let n = 1n; n <= 20n; n++) sum = sum.plus(new Fraction(1n, n));
  expect(String(sum)).toBe('55835135/15519504');
});

test('refuses the denominator 0', () => {
  expect(() => new Fraction(1n, 0n)).toThrow('denominator 0');
});
