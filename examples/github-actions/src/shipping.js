/** Greedy packing into as few parcels as it finds (first fit, heaviest first), none over the limit. */
function packParcels(weightsGrams, limitGrams) {
  const parcels = [];
  for (const weight of [...weightsGrams].sort((a, b) => b - a)) {
    if (weight > limitGrams) throw new RangeError(`${weight} g do not fit into a parcel of ${limitGrams} g.`);
    const parcel = parcels.find((packed) => packed.reduce((sum, w) => sum + w, 0) + weight <= limitGrams);
    if (parcel) parcel.push(weight);
    else parcels.push([weight]);
  }
  return parcels;
}

module.exports = { packParcels };
