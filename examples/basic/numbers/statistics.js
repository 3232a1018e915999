const ascending = (numbers) => [...numbers].sort((a, b) => a - b);

/** The value below which the given part of the numbers lies, interpolated. */
function quantile(numbers, part) {
  if (numbers.length === 0) throw new RangeError('There is no quantile of no numbers.');
  const sorted = ascending(numbers);
  const at = (sorted.length - 1) * part;
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
}

const median = (numbers) => quantile(numbers, 0.5);
const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

module.exports = { mean, median, quantile };
