/** One generation of Conway's Game of Life; the living cells are a set of "x,y". */
function step(living) {
  const neighbours = new Map();
  for (const cell of living) {
    const [x, y] = cell.split(',').map(Number);
    for (let dx = -1; dx <= 1; dx++) {
      for (let dy = -1; dy <= 1; dy++) {
        if (dx === 0 && dy === 0) continue;
        const key = `${x + dx},${y + dy}`;
        neighbours.set(key, (neighbours.get(key) ?? 0) + 1);
      }
    }
  }
  return new Set([...neighbours].filter(([key, n]) => n === 3 || (n === 2 && living.has(key))).map(([key]) => key));
}

module.exports = { step };
