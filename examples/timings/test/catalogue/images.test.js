const { openStore } = require('../../src/store');

const store = openStore({ latencyMs: 57 });

test('bytes come back as they went in', async () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  await store.put('image/tea', bytes);
  expect(await store.get('image/tea')).toEqual(bytes);
  bytes[0] = 99;
  expect((await store.get('image/tea'))[0]).toBe(0);
});
