const { openStore } = require('../../src/store');

const store = openStore({ latencyMs: 57 });

test('is paid once', async () => {
  await store.put('order/1', 'paid');
  expect(await store.replace('order/1', 'paid', 'refunded')).toBe(true);
  expect(await store.replace('order/1', 'paid', 'refunded')).toBe(false);
  expect(await store.get('order/1')).toBe('refunded');
});
