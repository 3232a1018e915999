const { formatCents } = require('../src/money');

test.each([
  [0, '0.00'],
  [5, '0.05'],
  [123456, '1,234.56'],
  [-99, '-0.99'],
  [100000000, '1,000,000.00'],
])('%i cents are %s', (cents, text) => {
  expect(formatCents(cents)).toBe(text);
});
