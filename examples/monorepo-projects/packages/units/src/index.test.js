const units = require('.');

test('what the package offers', () => {
  expect(Object.keys(units).sort()).toEqual(['convertLength', 'convertTemperature']);
});
