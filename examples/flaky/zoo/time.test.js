// Depends on the time of day: it fails in the last 300 ms of every second.
test('a token lives until the end of its second', () => {
  const expires = new Date().getMilliseconds() + 300;
  expect(expires).toBeLessThan(1000);
});
