const { isOrderNumber, withCheckDigit } = require('../src/order-number');

test('the example of the patent', () => {
  expect(withCheckDigit('7992739871')).toBe('79927398713');
});

test('a wrong digit is noticed, wherever it is', () => {
  const number = withCheckDigit('20260417');
  expect(isOrderNumber(number)).toBe(true);
  for (let at = 0; at < number.length; at++) {
    const wrong = (Number(number[at]) + 1) % 10;
    expect(isOrderNumber(number.slice(0, at) + wrong + number.slice(at + 1))).toBe(false);
  }
});
