const metres = { mm: 0.001, cm: 0.01, m: 1, km: 1_000, in: 0.0254, ft: 0.3048, mi: 1_609.344 };

/** A length in another unit. */
function convertLength(value, from, to) {
  for (const unit of [from, to]) {
    if (!Object.hasOwn(metres, unit)) throw new RangeError(`There is no length ${JSON.stringify(unit)}.`);
  }
  return (value * metres[from]) / metres[to];
}

module.exports = { convertLength };
