const { totalCents } = require('./cart');
const { formatCents } = require('./money');

/** A plain-text invoice; taxPercent is contained in the prices. */
function invoice(cart, taxPercent) {
  const total = totalCents(cart);
  const tax = Math.round((total * taxPercent) / (100 + taxPercent));
  const line = (left, right) => `${left.padEnd(16)}${right.padStart(10)}`;
  return [
    ...cart.map(({ quantity, article, cents }) => line(`${quantity} x ${article}`, formatCents(quantity * cents))),
    line('Total', formatCents(total)),
    line(`of which ${taxPercent} %`, formatCents(tax)),
  ].join('\n');
}

module.exports = { invoice };
