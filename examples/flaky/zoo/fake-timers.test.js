// The second test does not give the clock back. Whoever waits after it waits for ever.
jest.setTimeout(300);

test('waits for a while', async () => {
  await new Promise((resolve) => {
    setTimeout(resolve, 5);
  });
  expect(true).toBe(true);
});

test('a reminder comes after a day', () => {
  jest.useFakeTimers();
  const remind = jest.fn();
  setTimeout(remind, 24 * 60 * 60 * 1000);
  jest.runAllTimers();
  expect(remind).toHaveBeenCalled();
});

test('a day has hours', () => {
  expect(24 * 60).toBe(1440);
});
