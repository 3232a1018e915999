const { nights } = require('../src/hotel');

test.each([
  ['2026-03-01', '2026-03-01'],
  ['2026-03-02', '2026-03-01'],
])('from %s to %s is an error', (from, to) => {
  expect(() => nights(from, to)).toThrow(`From ${from} to ${to} there is no night.`);
});
