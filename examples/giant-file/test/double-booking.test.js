const { openHotel } = require('../src/hotel');

test('of two who ask at the same time, one gets the room', async () => {
  const hotel = openHotel({ latencyMs: 110 });
  await hotel.addRoom('1', { beds: 1, priceCents: 5_000 });
  const asked = ['Ada', 'Grace'].map((guest) => hotel.book('1', guest, '2026-05-01', '2026-05-02'));
  expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
});
