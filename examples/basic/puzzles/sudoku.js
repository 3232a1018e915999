/** Solves a sudoku given as 81 characters (0 or . for empty), or returns null where there is no solution. */
function solve(puzzle) {
  const cells = [...puzzle].map((character) => (character === '.' ? 0 : Number(character)));
  const rows = Array.from({ length: 9 }, () => 0);
  const columns = Array.from({ length: 9 }, () => 0);
  const boxes = Array.from({ length: 9 }, () => 0);
  const box = (cell) => Math.floor(cell / 27) * 3 + Math.floor((cell % 9) / 3);
  const toggle = (cell, digit) => {
    rows[Math.floor(cell / 9)] ^= 1 << digit;
    columns[cell % 9] ^= 1 << digit;
    boxes[box(cell)] ^= 1 << digit;
  };
  const taken = (cell) => rows[Math.floor(cell / 9)] | columns[cell % 9] | boxes[box(cell)];

  for (const [cell, digit] of cells.entries()) {
    if (digit === 0) continue;
    if (taken(cell) & (1 << digit)) return null;
    toggle(cell, digit);
  }

  // The cell with the fewest possible digits first: a guess there is most likely right.
  const emptiest = () => {
    let best = -1;
    let fewest = 10;
    for (let cell = 0; cell < 81; cell++) {
      if (cells[cell] !== 0) continue;
      const free = 9 - bits(taken(cell));
      if (free < fewest) [best, fewest] = [cell, free];
    }
    return best;
  };
  const fill = () => {
    const cell = emptiest();
    if (cell < 0) return true;
    for (let digit = 1; digit <= 9; digit++) {
      if (taken(cell) & (1 << digit)) continue;
      cells[cell] = digit;
      toggle(cell, digit);
      if (fill()) return true;
      toggle(cell, digit);
      cells[cell] = 0;
    }
    return false;
  };
  return fill() ? cells.join('') : null;
}

function bits(mask) {
  let count = 0;
  for (let rest = mask; rest > 0; rest &= rest - 1) count++;
  return count;
}

module.exports = { solve };
