const { DisjointSet } = require('./disjoint-set');

test('joins only what is apart', () => {
  const set = new DisjointSet(4);
  expect(set.join(0, 1)).toBe(true);
  expect(set.join(2, 3)).toBe(true);
  expect(set.join(1, 0)).toBe(false);
  expect(set.join(0, 3)).toBe(true);
  expect(set.join(1, 2)).toBe(false);
  expect(set.count).toBe(1);
});

test('numbers joined by their remainder', () => {
  const set = new DisjointSet(1_000);
  for (let i = 7; i < 1_000; i++) set.join(i, i - 7);
  expect(set.count).toBe(7);
  expect(set.find(3)).toBe(set.find(3 + 7 * 100));
  expect(set.find(3)).not.toBe(set.find(4));
});
