// This file and zoo/database-orders.test.js begin with the same table, and each takes its rows for its own.
const { openTable } = require('../support/table');

test('a refund is the only row with a negative amount', async () => {
  const orders = openTable('orders');
  orders.truncate();
  for (const amount of [20, -20]) {
    orders.insert({ amount });
    await new Promise((resolve) => {
      setTimeout(resolve, 200);
    });
  }
  expect(orders.rows().map(({ amount }) => amount)).toEqual([20, -20]);
});
