const { runPool } = require('./pool');
const { sleep } = require('./sleep');

test.each([1, 2, 4])('never more than %i at a time, results in order', async (limit) => {
  let running = 0;
  let most = 0;
  const jobs = Array.from({ length: 8 }, (_, i) => async () => {
    most = Math.max(most, ++running);
    await sleep(130);
    running--;
    return i;
  });
  expect(await runPool(jobs, limit)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBe(limit);
});

test('an error of a job is the error of the pool', async () => {
  await expect(runPool([() => 1, () => Promise.reject(new Error('job 2 broke'))], 2)).rejects.toThrow('job 2 broke');
});
