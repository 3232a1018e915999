const { addToCart, totalCents } = require('../src/cart');

test('adds up', () => {
  const cart = addToCart(addToCart([], 'tea', 350), 'cup', 1200, 2);
  expect(totalCents(cart)).toBe(2750);
  expect(totalCents([])).toBe(0);
});

test('an article stands in one line', () => {
  const cart = addToCart(addToCart([], 'tea', 350), 'tea', 350, 3);
  expect(cart).toEqual([{ article: 'tea', cents: 350, quantity: 4 }]);
});
