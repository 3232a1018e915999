const store = require('.');

test('what the package offers', () => {
  expect(Object.keys(store).sort()).toEqual(['Ledger', 'expired', 'indexBy']);
});
