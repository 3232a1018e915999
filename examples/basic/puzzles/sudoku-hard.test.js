const { solve } = require('./sudoku');

const puzzles = [
  '8..........36......7..9.2...5...7.......457.....1...3...1....68..85...1..9....4..',
  '4.....8.5.3..........7......2.....6.....8.4......1.......6.3.7.5..2.....1.4......',
  '..............3.85..1.2.......5.7.....4...1...9.......5......73..2.1........4...9',
];
const units = Array.from({ length: 9 }, (_, i) => i).flatMap((i) => [
  Array.from({ length: 9 }, (_, j) => i * 9 + j),
  Array.from({ length: 9 }, (_, j) => j * 9 + i),
  Array.from({ length: 9 }, (_, j) => (Math.floor(i / 3) * 3 + Math.floor(j / 3)) * 9 + (i % 3) * 3 + (j % 3)),
]);

test.each(puzzles)('%s', (puzzle) => {
  const solution = solve(puzzle);
  for (const unit of units) expect(new Set(unit.map((cell) => solution[cell])).size).toBe(9);
  for (let cell = 0; cell < 81; cell++) expect(['.', solution[cell]]).toContain(puzzle[cell]);
});
