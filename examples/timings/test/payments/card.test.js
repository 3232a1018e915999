const { openStore } = require('../../src/store');

const store = openStore({ latencyMs: 101 });

test('a payment is made once, however often it is sent', async () => {
  await store.create('payment/abc', 1200);
  await expect(store.create('payment/abc', 1200)).rejects.toThrow('payment/abc is there already.');
  expect(await store.get('payment/abc')).toBe(1200);
});
