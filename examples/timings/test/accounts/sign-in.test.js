const { openStore } = require('../../src/store');

const store = openStore({ latencyMs: 240 });

test('counts failed attempts and forgets them at success', async () => {
  expect(await store.increment('failed/ada')).toBe(1);
  expect(await store.increment('failed/ada')).toBe(2);
  expect(await store.remove('failed/ada')).toBe(true);
  expect(await store.increment('failed/ada')).toBe(1);
  expect(await store.get('failed/grace')).toBeUndefined();
});
