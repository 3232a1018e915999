const { retry } = require('./retry');

const failing = (times) => {
  const action = jest.fn(async (attempt) => {
    if (attempt <= times) throw new Error(`attempt ${attempt} failed`);
    return `attempt ${attempt} worked`;
  });
  return action;
};

test('needs no wait where the first attempt works', async () => {
  expect(await retry(failing(0), { attempts: 5, firstWaitMs: 60_000 })).toBe('attempt 1 worked');
});

test('waits longer from attempt to attempt', async () => {
  const action = failing(4);
  expect(await retry(action, { attempts: 5, firstWaitMs: 70 })).toBe('attempt 5 worked');
  expect(action).toHaveBeenCalledTimes(5);
});

test('gives up with the last error', async () => {
  const action = failing(9);
  await expect(retry(action, { attempts: 3, firstWaitMs: 130 })).rejects.toThrow('attempt 3 failed');
  expect(action).toHaveBeenCalledTimes(3);
});
