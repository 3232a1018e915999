const { openStore } = require('../../src/store');

const store = openStore({ latencyMs: 41 });

test('an abandoned cart can be found', async () => {
  await store.put('cart/ada', { open: true });
  expect(await store.keys('cart/')).toEqual(['cart/ada']);
  expect(await store.get('cart/ada')).toEqual({ open: true });
});
