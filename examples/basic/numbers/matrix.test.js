const { determinant, multiply } = require('./matrix');

const square = (size, value) =>
  Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => value(i, j)));
const identity = (size) => square(size, (i, j) => (i === j ? 1 : 0));

test('the identity changes nothing', () => {
  const matrix = square(40, (i, j) => ((i * 7 + j * 3) % 11) - 5);
  expect(multiply(matrix, identity(40))).toEqual(matrix);
});

test('Fibonacci by powers', () => {
  let power = identity(2);
  for (let i = 0; i < 50; i++)
    power = multiply(power, [
      [1, 1],
      [1, 0],
    ]);
  expect(power[0][1]).toBe(12_586_269_025);
});

test.each([
  [[[3]], 3],
  [
    [
      [1, 2],
      [3, 4],
    ],
    -2,
  ],
  [
    [
      [0, 1],
      [1, 0],
    ],
    -1,
  ],
  [
    [
      [2, 0, 1],
      [1, 3, 2],
      [1, 1, 1],
    ],
    0,
  ],
])('the determinant of %j is %i', (matrix, expected) => {
  expect(determinant(matrix)).toBeCloseTo(expected, 10);
});
