/** Takes articles out of stock, all or none. */
function take(stock, wanted) {
  const missing = Object.entries(wanted).filter(([article, quantity]) => (stock[article] ?? 0) < quantity);
  if (missing.length > 0) throw new Error(`Not enough of: ${missing.map(([article]) => article).join(', ')}.`);
  const rest = { ...stock };
  for (const [article, quantity] of Object.entries(wanted)) rest[article] -= quantity;
  return rest;
}

module.exports = { take };
