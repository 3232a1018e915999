const { count, list } = require('./summary');

test.each([
  [0, 'no nodes'],
  [1, '1 node'],
  [12, '12 nodes'],
])('%i', (number, text) => {
  expect(count(number, 'node')).toBe(text);
});

test.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a and b'],
  [['a', 'b', 'c'], 'a, b and c'],
])('%j', (words, text) => {
  expect(list(words)).toBe(text);
});
