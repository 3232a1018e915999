/** In how many ways n queens stand on an n × n board without attacking each other; one bit a column. */
function countQueens(size) {
  const full = (1 << size) - 1;
  const place = (columns, left, right) => {
    if (columns === full) return 1;
    let count = 0;
    for (let free = full & ~(columns | left | right); free > 0; free &= free - 1) {
      const queen = free & -free;
      count += place(columns | queen, (left | queen) << 1, (right | queen) >> 1);
    }
    return count;
  };
  return place(0, 0, 0);
}

module.exports = { countQueens };
