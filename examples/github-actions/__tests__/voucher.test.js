const { redeem } = require('../src/voucher');

test.each([
  [1000, '15%', 850],
  [999, '50%', 499],
  [1000, '5.00', 500],
  [300, '5.00', 0],
  [300, '100%', 0],
])('of %i cents, %s leaves %i', (cents, voucher, left) => {
  expect(redeem(cents, voucher)).toBe(left);
});

test('refuses anything else', () => {
  expect(() => redeem(1000, '-5')).toThrow('"-5" is not a voucher');
});
