const { nights } = require('../src/hotel');

test('a clock that is changed neither adds a night nor takes one', () => {
  expect(nights('2026-03-28', '2026-03-31')).toHaveLength(3);
  expect(nights('2026-10-24', '2026-10-27')).toHaveLength(3);
});
