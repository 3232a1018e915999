const { Mutex } = require('./mutex');
const { sleep } = require('./sleep');

test('actions do not overlap, whatever they take', async () => {
  const mutex = new Mutex();
  const log = [];
  const action = (name, durationMs) => async () => {
    log.push(`${name} begins`);
    await sleep(durationMs);
    log.push(`${name} ends`);
  };
  await Promise.all([mutex.run(action('a', 120)), mutex.run(action('b', 5)), mutex.run(action('c', 60))]);
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

test('a failed action does not hold the next one up', async () => {
  const mutex = new Mutex();
  await expect(mutex.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await mutex.run(() => 'next')).toBe('next');
});
