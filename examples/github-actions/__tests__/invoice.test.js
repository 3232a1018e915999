const { addToCart } = require('../src/cart');
const { invoice } = require('../src/invoice');

test('an invoice', () => {
  const cart = addToCart(addToCart([], 'tea', 350, 2), 'pot', 119900);
  expect(invoice(cart, 19)).toBe(
    [
      '2 x tea               7.00',
      '1 x pot           1,199.00',
      'Total             1,206.00',
      'of which 19 %       192.55',
    ].join('\n'),
  );
});
