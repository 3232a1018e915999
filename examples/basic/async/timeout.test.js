const { withTimeout } = require('./timeout');

test('passes on what comes in time', async () => {
  expect(await withTimeout(Promise.resolve('here'), 60_000)).toBe('here');
  await expect(withTimeout(Promise.reject(new Error('broken')), 60_000)).rejects.toThrow('broken');
});

test('does not wait for ever', async () => {
  await expect(withTimeout(new Promise(() => {}), 200)).rejects.toThrow('No result within 200 ms.');
});

test('leaves no timer behind', async () => {
  jest.useFakeTimers();
  await withTimeout(Promise.resolve('here'), 60_000);
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});
