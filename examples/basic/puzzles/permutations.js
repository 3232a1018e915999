/** All orders of the items (Heap's algorithm), one after the other. */
function* permutations(items) {
  const list = [...items];
  const turns = Array.from({ length: list.length }, () => 0);
  yield [...list];
  let i = 1;
  while (i < list.length) {
    if (turns[i] < i) {
      const j = i % 2 === 0 ? 0 : turns[i];
      [list[i], list[j]] = [list[j], list[i]];
      yield [...list];
      turns[i]++;
      i = 1;
    } else {
      turns[i++] = 0;
    }
  }
}

module.exports = { permutations };
