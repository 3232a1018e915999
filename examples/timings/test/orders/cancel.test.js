const { openStore } = require('../../src/store');

const store = openStore({ latencyMs: 116 });

test('the stock comes back', async () => {
  await store.put('stock/tea', 3);
  await store.put('order/1', { tea: 2 });
  expect(await store.remove('order/1')).toBe(true);
  expect(await store.increment('stock/tea', 2)).toBe(5);
});
