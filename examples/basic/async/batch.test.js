const { createBatch } = require('./batch');

test('one load for all keys of a window, each key once', async () => {
  const loadAll = jest.fn(async (keys) => keys.map((key) => key * 10));
  const load = createBatch(loadAll, 200);
  expect(await Promise.all([load(1), load(2), load(1), load(3)])).toEqual([10, 20, 10, 30]);
  expect(loadAll.mock.calls).toEqual([[[1, 2, 3]]]);
});

test('the next window is a new load', async () => {
  const loadAll = jest.fn(async (keys) => keys);
  const load = createBatch(loadAll, 150);
  for (const key of ['a', 'b', 'c']) await load(key);
  expect(loadAll).toHaveBeenCalledTimes(3);
});
