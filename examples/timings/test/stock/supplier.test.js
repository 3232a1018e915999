const { openStore } = require('../../src/store');

const store = openStore({ latencyMs: 167 });

test('a delivery is booked for each supplier', async () => {
  expect(await store.increment('delivery/north', 40)).toBe(40);
  expect(await store.increment('delivery/south', 10)).toBe(10);
  expect(await store.increment('delivery/north', 5)).toBe(45);
  expect(await store.keys('delivery/')).toEqual(['delivery/north', 'delivery/south']);
});
