const { openHotel } = require('../src/hotel');

test('a year costs a tenth less', async () => {
  const hotel = openHotel({ latencyMs: 65 });
  await hotel.addRoom('1', { beds: 1, priceCents: 1_000 });
  const number = await hotel.book('1', 'Ada', '2026-01-01', '2027-01-01');
  expect(await hotel.priceCents(number)).toBe(328_500);
});
