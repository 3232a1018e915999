const { openStore } = require('../../src/store');

const store = openStore({ latencyMs: 87 });

test('nothing of an account is left', async () => {
  await store.put('account/ada', {});
  expect(await store.remove('account/ada')).toBe(true);
  expect(await store.remove('account/ada')).toBe(false);
  expect(await store.keys('account/')).toEqual([]);
});
