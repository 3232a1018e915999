const { openStore } = require('../../src/store');

const store = openStore({ latencyMs: 50 });

test('the orders of a year, in order', async () => {
  const months = ['01', '02', '03', '04', '05', '06', '07', '08', '09'];
  for (const month of months) await store.put(`order/2026-${month}`, {});
  expect(await store.keys('order/2026-')).toEqual(months.map((month) => `order/2026-${month}`));
});
