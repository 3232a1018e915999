const { openStore } = require('../../src/store');

const store = openStore({ latencyMs: 30 });

test('a parcel knows its order', async () => {
  await store.put('parcel/7', { order: 1 });
  const { order } = await store.get('parcel/7');
  expect(await store.get(`order/${order}`)).toBeUndefined();
});
