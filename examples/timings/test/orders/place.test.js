const { openStore } = require('../../src/store');

const store = openStore({ latencyMs: 30 });

test('an order takes its number and its stock', async () => {
  await store.put('stock/tea', 5);
  expect(await store.increment('order/number')).toBe(1);
  expect(await store.increment('stock/tea', -2)).toBe(3);
  await store.create('order/1', { tea: 2 });
  expect(await store.get('order/1')).toEqual({ tea: 2 });
});
