const { openHotel } = require('../src/hotel');

test('know nothing of each other', async () => {
  const [north, south] = [openHotel({ latencyMs: 65 }), openHotel({ latencyMs: 65 })];
  await north.addRoom('1', { beds: 1, priceCents: 5_000 });
  expect(await south.rooms()).toEqual([]);
  await south.addRoom('1', { beds: 1, priceCents: 9_000 });
  expect(await north.rooms()).toEqual(['1']);
});
