const { RingBuffer } = require('./ring-buffer');

test.each([0, 1, 2, 3, 4, 7, 100])('the last 3 of %i values', (count) => {
  const buffer = new RingBuffer(3);
  const values = Array.from({ length: count }, (_, i) => i);
  for (const value of values) buffer.push(value);
  expect(buffer.toArray()).toEqual(values.slice(-3));
});
