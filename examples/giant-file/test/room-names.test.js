const { openHotel } = require('../src/hotel');

test.each(['1', 'suite', 'zum Löwen', '屋根裏'])('a room may be called %s', async (name) => {
  const hotel = openHotel({ latencyMs: 30 });
  await hotel.addRoom(name, { beds: 1, priceCents: 5_000 });
  expect(await hotel.rooms()).toEqual([name]);
});
