const { openHotel } = require('../src/hotel');

test('a group takes as many rooms as it needs', async () => {
  const hotel = openHotel({ latencyMs: 50 });
  for (const room of ['1', '2', '3']) await hotel.addRoom(room, { beds: 2, priceCents: 5_000 });
  const [first, second] = await hotel.free('2026-05-01', '2026-05-03', 2);
  await hotel.book(first, 'group', '2026-05-01', '2026-05-03');
  await hotel.book(second, 'group', '2026-05-01', '2026-05-03');
  expect(await hotel.free('2026-05-01', '2026-05-03')).toEqual(['3']);
});
