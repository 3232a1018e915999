const { solve } = require('./sudoku');

const puzzle = '530070000600195000098000060800060003400803001700020006060000280000419005000080079';
const solution = '534678912672195348198342567859761423426853791713924856961537284287419635345286179';

test('solves the one of the newspaper', () => {
  expect(solve(puzzle)).toBe(solution);
});

test('a solved one stays as it is', () => {
  expect(solve(solution)).toBe(solution);
});

test('two equal digits in a row have no solution', () => {
  expect(solve(puzzle.replace('53', '55'))).toBeNull();
});
