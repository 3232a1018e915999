const { fromRoman, toRoman } = require('./roman');

test.each([
  [1, 'I'],
  [4, 'IV'],
  [1994, 'MCMXCIV'],
  [2026, 'MMXXVI'],
  [3999, 'MMMCMXCIX'],
])('%i is %s', (number, roman) => {
  expect(toRoman(number)).toBe(roman);
});

test('there and back for every number', () => {
  for (let number = 1; number <= 3999; number++) {
    if (fromRoman(toRoman(number)) !== number) throw new Error(`lost ${number}`);
  }
});

test.each([0, 4000, 1.5, Number.NaN])('refuses %p', (number) => {
  expect(() => toRoman(number)).toThrow(RangeError);
});

test.each(['', 'IIII', 'IC', 'XIVI', 'hello'])('refuses %j', (roman) => {
  expect(() => fromRoman(roman)).toThrow(SyntaxError);
});
