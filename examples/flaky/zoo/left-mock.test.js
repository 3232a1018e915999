// The second test mocks a function of a module that all tests of the file share, and does not restore it.
const crypto = require('node:crypto');

test('two ids are different', () => {
  expect(crypto.randomUUID()).not.toBe(crypto.randomUUID());
});

test('an id goes into the link', () => {
  jest.spyOn(crypto, 'randomUUID').mockReturnValue('00000000-0000-4000-8000-000000000000');
  expect(`/orders/${crypto.randomUUID()}`).toBe('/orders/00000000-0000-4000-8000-000000000000');
});

test('an id has five groups', () => {
  expect(crypto.randomUUID().split('-')).toHaveLength(5);
});
