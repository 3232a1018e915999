/** How many single-character edits lie between two strings (Levenshtein, 1965), row by row. */
function levenshtein(from, to) {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const substitution = row[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[to.length];
}

/** The candidate nearest to `word`, or undefined where even that is more than `limit` edits away. */
function nearest(word, candidates, limit = 3) {
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: levenshtein(word, candidate) }))
    .sort((a, b) => a.distance - b.distance);
  return ranked.length > 0 && ranked[0].distance <= limit ? ranked[0].candidate : undefined;
}

module.exports = { levenshtein, nearest };
