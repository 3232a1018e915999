const { openStore } = require('../../src/store');

const store = openStore({ latencyMs: 49 });

test('the last one goes to who was first', async () => {
  await store.put('stock/tea', 1);
  expect(await store.replace('stock/tea', 1, 0)).toBe(true);
  expect(await store.replace('stock/tea', 1, 0)).toBe(false);
  expect(await store.increment('stock/tea')).toBe(1);
  expect(await store.replace('stock/tea', 1, 0)).toBe(true);
});
