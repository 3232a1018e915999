const { convertLength } = require('./length');

test.each([
  [1, 'mi', 'km', 1.609344],
  [12, 'in', 'ft', 1],
  [2.5, 'm', 'cm', 250],
])('%d %s in %s', (value, from, to, expected) => {
  expect(convertLength(value, from, to)).toBeCloseTo(expected, 10);
});

test('there and back', () => {
  expect(convertLength(convertLength(7, 'ft', 'mm'), 'mm', 'ft')).toBeCloseTo(7, 10);
});

test.each(['parsec', 'toString'])('knows no %s', (unit) => {
  expect(() => convertLength(1, unit, 'm')).toThrow(`There is no length "${unit}".`);
});
