const { take } = require('../src/stock');

const stock = { tea: 5, cup: 2 };

test('takes what is there', () => {
  expect(take(stock, { tea: 5, cup: 1 })).toEqual({ tea: 0, cup: 1 });
});

test('takes nothing where one article is missing', () => {
  expect(() => take(stock, { tea: 1, cup: 3, pot: 1 })).toThrow('Not enough of: cup, pot.');
  expect(stock).toEqual({ tea: 5, cup: 2 });
});
