// The second test leaves something in a variable that the first one expects to be empty.
const cart = [];

test('a new cart is empty', () => {
  expect(cart).toHaveLength(0);
});

test('takes an item', () => {
  cart.push('book');
  expect(cart).toContain('book');
});

test('has a total', () => {
  expect(cart.length * 10).toBeGreaterThanOrEqual(0);
});
