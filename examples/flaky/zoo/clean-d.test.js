test('clean d: adds', () => {
  expect(1 + 1).toBe(2);
});

test('clean d: waits', async () => {
  await new Promise((resolve) => {
    setTimeout(resolve, 10);
  });
  expect([3, 1, 2].sort()).toEqual([1, 2, 3]);
});
