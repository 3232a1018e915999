const { wrap } = require('./wrap');

const text = 'The quick brown fox jumps over the lazy dog and runs away from the incomprehensibilities of life.';

test.each([8, 12, 20, 40, 80])('fills lines of %i characters', (width) => {
  const lines = wrap(text, width);
  expect(lines.join(' ')).toBe(text);
  for (const line of lines) expect(line.length <= width || !line.includes(' ')).toBe(true);
});

test('gives a long word a line of its own', () => {
  expect(wrap('of incomprehensibilities here', 10)).toEqual(['of', 'incomprehensibilities', 'here']);
});

test('has no line for nothing', () => {
  expect(wrap('  \n ', 10)).toEqual([]);
});
