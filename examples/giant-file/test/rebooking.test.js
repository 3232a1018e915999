const { openHotel } = require('../src/hotel');

test('after cancelling, another guest gets the room', async () => {
  const hotel = openHotel({ latencyMs: 50 });
  await hotel.addRoom('1', { beds: 1, priceCents: 5_000 });
  await hotel.cancel(await hotel.book('1', 'Ada', '2026-05-01', '2026-05-02'));
  await hotel.book('1', 'Grace', '2026-05-01', '2026-05-02');
  expect(await hotel.guests('2026-05-01')).toEqual(['Grace']);
});
