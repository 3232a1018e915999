const { openStore } = require('../../src/store');

const store = openStore({ latencyMs: 67 });

test('an article added again counts twice', async () => {
  expect(await store.increment('cart/tea')).toBe(1);
  expect(await store.increment('cart/tea')).toBe(2);
  expect(await store.increment('cart/cup', 4)).toBe(4);
});

test('the cart lists its articles', async () => {
  expect(await store.keys('cart/')).toEqual(['cart/cup', 'cart/tea']);
  expect(await store.get('cart/tea')).toBe(2);
  expect(await store.get('cart/cup')).toBe(4);
});
