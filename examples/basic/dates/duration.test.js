const { formatDuration, parseDuration } = require('./duration');

test.each([
  ['250ms', 250],
  ['1.5s', 1_500],
  ['1h 30m', 5_400_000],
  ['2d', 172_800_000],
])('%j is %i ms', (text, durationMs) => {
  expect(parseDuration(text)).toBe(durationMs);
});

test.each(['', 'soon', '5', '5 parsecs'])('refuses %j', (text) => {
  expect(() => parseDuration(text)).toThrow(SyntaxError);
});

test('what was formatted is parsed back', () => {
  for (let durationMs = 1; durationMs < 1e9; durationMs = durationMs * 3 + 7) {
    expect(parseDuration(formatDuration(durationMs))).toBe(durationMs);
  }
  expect(formatDuration(0)).toBe('0s');
});
