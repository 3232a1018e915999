const { openStore } = require('../../src/store');

const store = openStore({ latencyMs: 66 });

test('in the order of the keys, whatever the order of writing', async () => {
  await store.put('b', 2);
  await store.put('c', 3);
  await store.put('a', 1);
  expect(await store.keys('')).toEqual(['a', 'b', 'c']);
});
