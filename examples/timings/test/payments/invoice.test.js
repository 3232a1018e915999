const { openStore } = require('../../src/store');

const store = openStore({ latencyMs: 150 });

test('numbers have no gaps', async () => {
  const numbers = [];
  for (let i = 0; i < 4; i++) numbers.push(await store.increment('invoice/number'));
  expect(numbers).toEqual([1, 2, 3, 4]);
});
