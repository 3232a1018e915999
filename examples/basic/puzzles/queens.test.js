const { countQueens } = require('./queens');

test.each([
  [1, 1],
  [2, 0],
  [3, 0],
  [4, 2],
  [6, 4],
  [8, 92],
  [10, 724],
  [12, 14_200],
])('%i queens stand in %i ways', (size, ways) => {
  expect(countQueens(size)).toBe(ways);
});
