const signs = [
  ['M', 1000],
  ['CM', 900],
  ['D', 500],
  ['CD', 400],
  ['C', 100],
  ['XC', 90],
  ['L', 50],
  ['XL', 40],
  ['X', 10],
  ['IX', 9],
  ['V', 5],
  ['IV', 4],
  ['I', 1],
];

function toRoman(number) {
  if (!Number.isInteger(number) || number < 1 || number > 3999) {
    throw new RangeError(`${number} has no Roman numeral: it must be a whole number from 1 to 3999.`);
  }
  let rest = number;
  let roman = '';
  for (const [sign, value] of signs) {
    while (rest >= value) {
      roman += sign;
      rest -= value;
    }
  }
  return roman;
}

function fromRoman(roman) {
  let at = 0;
  let number = 0;
  for (const [sign, value] of signs) {
    while (roman.startsWith(sign, at)) {
      number += value;
      at += sign.length;
    }
  }
  // IIII adds up to 4, but nobody writes 4 like that: only the one canonical form is accepted.
  if (number === 0 || at !== roman.length || toRoman(number) !== roman) {
    throw new SyntaxError(`${JSON.stringify(roman)} is not a Roman numeral.`);
  }
  return number;
}

module.exports = { fromRoman, toRoman };
