const { bar } = require('./bar');

test.each([
  [0, ''],
  [0.5, '█████'],
  [0.55, '█████▌'],
  [1, '██████████'],
  [7, '██████████'],
  [-1, ''],
])('%d of 10 characters', (part, expected) => {
  expect(bar(part, 10)).toBe(expected);
});

test('never gets shorter', () => {
  const lengths = Array.from({ length: 101 }, (_, i) => bar(i / 100, 20).length);
  expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
});
