const { openStore } = require('../../src/store');

const store = openStore({ latencyMs: 109 });

test('the counted number replaces the booked one', async () => {
  await store.put('stock/tea', 7);
  expect(await store.replace('stock/tea', 7, 6)).toBe(true);
  expect(await store.get('stock/tea')).toBe(6);
});
