const { openStore } = require('../../src/store');

const store = openStore({ latencyMs: 57 });

test('the cart of a guest goes into that of the account', async () => {
  await store.put('ada/tea', 1);
  await store.put('guest/tea', 2);
  const fromGuest = await store.get('guest/tea');
  expect(await store.increment('ada/tea', fromGuest)).toBe(3);
  expect(await store.remove('guest/tea')).toBe(true);
});
