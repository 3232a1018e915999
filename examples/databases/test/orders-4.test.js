const { openShop } = require('../src/shop');

let shop;
beforeAll(async () => {
  shop = await openShop(process.env.DATABASE_URL);
});
beforeEach(() => shop.clear());
afterAll(() => shop.close());

// Each file uses names and ids that all others use too: in one database they would meet.
test('the first product has the first id, and nothing else is there', async () => {
  expect(await shop.addProduct('tea', 4, 10)).toBe(1);
  expect(await shop.list()).toEqual([{ name: 'tea', price: 4, stock: 10 }]);
});

test('an order takes from the stock', async () => {
  const tea = await shop.addProduct('tea', 4, 10);
  expect(await shop.order(tea, 4)).toBe(4 * 4);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await shop.list()).toEqual([{ name: 'tea', price: 4, stock: 6 }]);
});

test('there is no order of more than there is', async () => {
  const tea = await shop.addProduct('tea', 4, 3);
  await expect(shop.order(tea, 4)).rejects.toThrow('products_stock_check');
});
