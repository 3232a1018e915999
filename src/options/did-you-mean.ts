/**
 * The candidate with the fewest edits from `name`, or null where even that one is a different word.
 *
 * @param most edits that a slip may be; by default half of the word.
 */
export function findNearest(name: string, candidates: readonly string[], most?: number): string | null {
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const distance = countEdits(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best !== null && bestDistance <= (most ?? Math.max(2, Math.floor(best.length / 2))) ? best : null;
}

/** Edits that a slip in a word of this length may be: `--max-retry` for `--max-retries`, but no `--ui` for `--ci`. */
export const slipOf = (name: string): number => (name.length < 3 ? 0 : Math.max(2, Math.floor(name.length / 3)));

/** As many as a person reads. */
const MOST_BEGUN = 3;

/**
 * What somebody may have meant by a name: those that begin with it (`node` for `node-number`) before others, in the order
 * of the candidates.
 */
export function findMeant(name: string, candidates: readonly string[]): string[] {
  const begun = name.length < 3 ? [] : candidates.filter((candidate) => candidate.startsWith(name));
  const nearest = begun.length > 0 ? null : findNearest(name, candidates, slipOf(name));
  return nearest === null ? begun.slice(0, MOST_BEGUN) : [nearest];
}

/** Levenshtein distance, by letter case too: insertions, deletions and substitutions, one row of the matrix at a time. */
export function countEdits(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const substitution = (previous[column - 1] as number) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min((previous[column] as number) + 1, (current[column - 1] as number) + 1, substitution));
    }
    previous = current;
  }
  return previous[to.length] as number;
}
