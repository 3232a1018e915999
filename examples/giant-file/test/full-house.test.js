const { openHotel } = require('../src/hotel');

test('is full when every bed is taken', async () => {
  const hotel = openHotel({ latencyMs: 80 });
  for (const room of ['1', '2']) {
    await hotel.addRoom(room, { beds: 1, priceCents: 5_000 });
    await hotel.book(room, `guest of ${room}`, '2026-05-01', '2026-05-02');
  }
  expect(await hotel.free('2026-05-01', '2026-05-02')).toEqual([]);
});
