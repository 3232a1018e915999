const { openStore } = require('../../src/store');

const store = openStore({ latencyMs: 76 });

const rows = ['sencha', 'bancha', 'matcha', 'assam', 'darjeeling', 'ceylon'];

test.each(rows)('imports %s', async (name) => {
  await store.create(`article/${name}`, { name });
  expect(await store.get(`article/${name}`)).toEqual({ name });
});
