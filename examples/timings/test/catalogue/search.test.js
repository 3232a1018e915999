const { openStore } = require('../../src/store');

const store = openStore({ latencyMs: 42 });

beforeAll(async () => {
  for (const name of ['sencha', 'senbei', 'assam']) await store.put(`article/${name}`, { name });
});

test('by the beginning of a name', async () => {
  expect(await store.keys('article/sen')).toEqual(['article/senbei', 'article/sencha']);
});

test('without a hit', async () => {
  expect(await store.keys('article/x')).toEqual([]);
});
