const { easter, weekday } = require('./calendar');

test.each([
  [1818, 3, 22],
  [1943, 4, 25],
  [2000, 4, 23],
  [2024, 3, 31],
  [2025, 4, 20],
])('%i', (year, month, day) => {
  expect(easter(year)).toEqual([month, day]);
});

test('is always a Sunday between 22 March and 25 April', () => {
  for (let year = 1600; year < 2600; year++) {
    const [month, day] = easter(year);
    if (weekday(year, month, day) !== 0) throw new Error(`${year} is no Sunday`);
    const dayOfMarch = month === 3 ? day : day + 31;
    if (dayOfMarch < 22 || dayOfMarch > 56) throw new Error(`${year} is out of range`);
  }
});
