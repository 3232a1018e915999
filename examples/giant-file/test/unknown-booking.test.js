const { openHotel } = require('../src/hotel');

test.each(['cancel', 'move', 'priceCents'])('%s says which booking is unknown', async (call) => {
  const hotel = openHotel({ latencyMs: 65 });
  await expect(hotel[call](7, '1')).rejects.toThrow('There is no booking 7.');
});
