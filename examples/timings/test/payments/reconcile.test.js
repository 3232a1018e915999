const { openStore } = require('../../src/store');

const store = openStore({ latencyMs: 64 });

test('what was booked adds up to what was paid', async () => {
  for (const [i, cents] of [350, 1200, 80, 999, 5].entries()) await store.put(`payment/${i}`, cents);
  let sum = 0;
  for (const key of await store.keys('payment/')) sum += await store.get(key);
  expect(sum).toBe(2634);
  expect(await store.get('payment/9')).toBeUndefined();
});
