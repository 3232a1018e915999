/** Appends the check digit of Luhn, so that a mistyped order number is noticed. */
function withCheckDigit(number) {
  return `${number}${(10 - (luhnSum(`${number}0`) % 10)) % 10}`;
}

function isOrderNumber(text) {
  return /^\d{2,}$/.test(text) && luhnSum(text) % 10 === 0;
}

function luhnSum(digits) {
  return [...digits].reverse().reduce((sum, digit, i) => {
    const value = Number(digit) * (i % 2 === 1 ? 2 : 1);
    return sum + (value > 9 ? value - 9 : value);
  }, 0);
}

module.exports = { isOrderNumber, withCheckDigit };
