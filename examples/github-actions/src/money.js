/** Cents as people read them: 123456 is "1,234.56". */
function formatCents(cents) {
  const sign = cents < 0 ? '-' : '';
  const whole = String(Math.floor(Math.abs(cents) / 100)).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${sign}${whole}.${String(Math.abs(cents) % 100).padStart(2, '0')}`;
}

/** Splits an amount by weights without losing a cent: what is left over goes to the largest remainders. */
function allocate(cents, weights) {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = weights.map((weight, i) => ({ i, exact: (cents * weight) / total }));
  const result = shares.map(({ exact }) => Math.floor(exact));
  let left = cents - result.reduce((sum, share) => sum + share, 0);
  for (const { i } of shares.sort((a, b) => (b.exact % 1) - (a.exact % 1) || a.i - b.i)) {
    if (left-- <= 0) break;
    result[i]++;
  }
  return result;
}

module.exports = { allocate, formatCents };
