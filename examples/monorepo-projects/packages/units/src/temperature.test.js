const { convertTemperature } = require('./temperature');

test.each([
  [0, 'C', 'F', 32],
  [-40, 'F', 'C', -40],
  [100, 'C', 'K', 373.15],
])('%d %s in %s', (value, from, to, expected) => {
  expect(convertTemperature(value, from, to)).toBeCloseTo(expected, 8);
});

test('nothing is colder than absolute zero', () => {
  expect(() => convertTemperature(-274, 'C', 'K')).toThrow('-274 C is below absolute zero.');
});
