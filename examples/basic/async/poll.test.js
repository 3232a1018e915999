const { poll } = require('./poll');

test('asks until there is an answer', async () => {
  const answers = [undefined, undefined, undefined, undefined, undefined, undefined, 42, 43];
  expect(await poll(() => answers.shift(), { everyMs: 110, times: 20 })).toBe(42);
  expect(answers).toEqual([43]);
});

test('null and false are answers', async () => {
  expect(await poll(() => null, { everyMs: 60_000, times: 2 })).toBeNull();
  expect(await poll(() => false, { everyMs: 60_000, times: 2 })).toBe(false);
});

test('gives up', async () => {
  await expect(poll(() => undefined, { everyMs: 130, times: 5 })).rejects.toThrow('No answer after 5 questions.');
});
