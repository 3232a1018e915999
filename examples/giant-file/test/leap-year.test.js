const { nights } = require('../src/hotel');

test.each([
  [2024, 366],
  [2025, 365],
  [2100, 365],
])('%i has %i nights', (year, count) => {
  expect(nights(`${year}-01-01`, `${year + 1}-01-01`)).toHaveLength(count);
});
