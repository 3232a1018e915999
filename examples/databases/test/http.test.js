const { worker } = require('jest-distributed/worker');
const { openShop, serve } = require('../src/shop');

let shop;
let server;
beforeAll(async () => {
  shop = await openShop(process.env.DATABASE_URL);
  server = await serve(shop, Number(process.env.PORT));
});
beforeEach(() => shop.clear());
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await shop.close();
});

test('the port is the one of this worker', () => {
  expect(server.address().port).toBe(4000 + worker.slot);
});

test('products over HTTP', async () => {
  await shop.addProduct('coffee', 5, 1);
  const response = await fetch(`http://127.0.0.1:${process.env.PORT}/`);
  expect(await response.json()).toEqual([{ name: 'coffee', price: 5, stock: 1 }]);
});
