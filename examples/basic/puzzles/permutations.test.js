const { permutations } = require('./permutations');

test.each([
  ['', 1],
  ['a', 1],
  ['abc', 6],
  ['abcdefg', 5_040],
])('%j has %i orders, all different', (letters, count) => {
  const orders = [...permutations(letters)].map((order) => order.join(''));
  expect(orders).toHaveLength(count);
  expect(new Set(orders).size).toBe(count);
});

test('SEND + MORE = MONEY has one solution', () => {
  const solutions = new Set();
  for (const [s, e, n, d, o, r, y] of permutations([9, 5, 6, 7, 0, 8, 2])) {
    const money = 10_000 + o * 1_000 + n * 100 + e * 10 + y;
    if (s * 1_000 + e * 100 + n * 10 + d + 1_000 + o * 100 + r * 10 + e === money) solutions.add(money);
  }
  expect([...solutions]).toEqual([10_652]);
});
