/**
 * Rivals measured in turn, and what can be said of their paired ratios.
 *
 * One round measures every rival once, in an order that is rotated from round to round, so that a machine that gets
 * slower or busier meanwhile touches all alike. Medians and order statistics, because noise of a machine only adds.
 */

/**
 * @template T
 * @param {Record<string, () => Promise<T>>} rivals
 * @param {number} rounds
 * @returns {Promise<Record<string, T[]>>} by rival, in order of rounds
 */
export async function inTurns(rivals, rounds, onRound = () => undefined) {
  const names = Object.keys(rivals);
  const results = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const start = round % names.length;
    const rotated = [...names.slice(start), ...names.slice(0, start)];
    // Every second turn backwards: with two rivals, A B B A.
    if (Math.floor(round / names.length) % 2 === 1) rotated.reverse();
    for (const name of rotated) results[name].push(await rivals[name]());
    onRound(round + 1, results);
  }
  return results;
}

const ascending = (values) => [...values].sort((one, other) => one - other);

export function median(values) {
  const sorted = ascending(values);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The narrowest interval between two order statistics, equally far from both ends, that holds the median of what was
 * drawn from with at least 95 % (binomial; no assumption about the distribution). With 5 values or fewer there is
 * none: then smallest to largest.
 */
function medianInterval(values) {
  const sorted = ascending(values);
  const count = sorted.length;
  let cut = 0;
  let tail = 0.5 ** count;
  let term = tail;
  while (cut + 1 < count / 2) {
    term *= (count - cut) / (cut + 1);
    if (2 * (tail + term) > 0.05) break;
    tail += term;
    cut++;
  }
  return { low: sorted[cut], high: sorted[count - 1 - cut], confidence: 1 - 2 * tail };
}

/** Median and interval of `combine(one, other)` over pairs of the same round. */
export function compare(ones, others, combine) {
  const values = ones.map((one, index) => combine(one, others[index]));
  return { median: median(values), ...medianInterval(values) };
}

export const ratio = (one, other) => one / other;
export const difference = (one, other) => one - other;

/** Rows of cells, aligned: the first column to the left, numbers to the right. */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const pad = (cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]));
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}

export const inMs = (value) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
export const inSeconds = (value) => `${(value / 1000).toFixed(2)} s`;

export function withInterval({ median: middle, low, high }, format) {
  return `${format(middle)} [${format(low)}, ${format(high)}]`;
}

/** Prints whether a promise is kept; the exit code tells too. */
export function judge(what, value, most, format) {
  const isKept = value <= most;
  if (!isKept) process.exitCode = 1;
  console.log(`${isKept ? 'kept  ' : 'MISSED'} ${what}: ${format(value)}, promised at most ${format(most)}`);
}
