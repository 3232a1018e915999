const { openStore } = require('../../src/store');

const store = openStore({ latencyMs: 136 });

test('an account is there after sign-up', async () => {
  await store.put('account/ada', { mail: 'ada@example.org' });
  expect(await store.get('account/ada')).toEqual({ mail: 'ada@example.org' });
});

test('a name is given once', async () => {
  await store.create('account/grace', {});
  await expect(store.create('account/grace', {})).rejects.toThrow('account/grace is there already.');
});
