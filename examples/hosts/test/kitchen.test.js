const { price } = require('../src/price');

test('some kitchen cost what they cost', async () => {
  // As long as a test that waits for something.
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(price([{ cents: 250, count: 4 }])).toBe(1000);
});

test('no kitchen cost nothing', () => {
  expect(price([])).toBe(0);
});
