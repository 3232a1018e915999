// Random ids meet each other more often than one thinks.
test('five ids of twenty are all different', () => {
  const ids = new Set(Array.from({ length: 5 }, () => Math.floor(Math.random() * 20)));
  expect(ids.size).toBe(5);
});
