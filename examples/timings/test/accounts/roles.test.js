const { openStore } = require('../../src/store');

const store = openStore({ latencyMs: 86 });

test.each(['reader', 'author'])('a %s is found by the role', async (role) => {
  await store.put(`role/${role}/ada`, true);
  expect(await store.keys(`role/${role}/`)).toEqual([`role/${role}/ada`]);
});

test('roles do not mix', async () => {
  expect(await store.keys('role/')).toEqual(['role/author/ada', 'role/reader/ada']);
});
