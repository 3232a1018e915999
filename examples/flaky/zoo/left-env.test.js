// The second test sets a variable and leaves it. Jest gives each file its own process.env, but not each test.
const currency = () => process.env.SHOP_CURRENCY ?? 'EUR';

test('a price is in euros', () => {
  expect(`5 ${currency()}`).toBe('5 EUR');
});

test('the currency can be set', () => {
  process.env.SHOP_CURRENCY = 'CHF';
  expect(currency()).toBe('CHF');
});
