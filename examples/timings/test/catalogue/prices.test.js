const { openStore } = require('../../src/store');

const store = openStore({ latencyMs: 93 });

test('a price is changed only by who has seen the last one', async () => {
  await store.put('price/tea', 350);
  expect(await store.replace('price/tea', 350, 390)).toBe(true);
  expect(await store.replace('price/tea', 350, 370)).toBe(false);
  expect(await store.get('price/tea')).toBe(390);
});
