const { packParcels } = require('../src/shipping');

test('fills parcels, heaviest first', () => {
  expect(packParcels([400, 300, 700, 600], 1000)).toEqual([
    [700, 300],
    [600, 400],
  ]);
});

test('no parcel is too heavy and nothing is left behind', () => {
  const weights = Array.from({ length: 100 }, (_, i) => 50 + ((i * 131) % 900));
  const parcels = packParcels(weights, 1000);
  for (const parcel of parcels) expect(parcel.reduce((a, b) => a + b)).toBeLessThanOrEqual(1000);
  expect(parcels.flat().sort((a, b) => b - a)).toEqual([...weights].sort((a, b) => b - a));
});

test('says what does not fit', () => {
  expect(() => packParcels([1200], 1000)).toThrow('1200 g do not fit');
});
