// This file and zoo/database-refunds.test.js begin with the same table, and each takes its rows for its own.
const { openTable } = require('../support/table');

test('three orders are three rows', async () => {
  const orders = openTable('orders');
  orders.truncate();
  for (const number of [1, 2, 3]) {
    orders.insert({ number });
    await new Promise((resolve) => {
      setTimeout(resolve, 130);
    });
  }
  expect(orders.rows().map(({ number }) => number)).toEqual([1, 2, 3]);
});
