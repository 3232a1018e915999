const { daysInMonth, isLeapYear, weekday } = require('./calendar');

test.each([
  [1900, false],
  [2000, true],
  [2023, false],
  [2024, true],
  [2100, false],
])('%i: leap year %p', (year, leap) => {
  expect(isLeapYear(year)).toBe(leap);
});

test('every day of a 400-year cycle follows the day before', () => {
  let expected = weekday(1999, 12, 31);
  let days = 0;
  for (let year = 2000; year < 2400; year++) {
    for (let month = 1; month <= 12; month++) {
      for (let day = 1; day <= daysInMonth(year, month); day++) {
        expected = (expected + 1) % 7;
        days++;
        if (weekday(year, month, day) !== expected) throw new Error(`${year}-${month}-${day}`);
      }
    }
  }
  expect(days).toBe(146_097);
});
