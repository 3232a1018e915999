const { allocate } = require('../src/money');

test('three thirds of a euro', () => {
  expect(allocate(100, [1, 1, 1])).toEqual([34, 33, 33]);
});

test('the largest remainder gets the cent', () => {
  expect(allocate(10, [1, 2, 3])).toEqual([2, 3, 5]);
});

test('no cent is lost', () => {
  for (let cents = 0; cents < 1_000; cents++) {
    const sum = allocate(cents, [7, 1, 3, 5]).reduce((a, b) => a + b, 0);
    if (sum !== cents) throw new Error(`${cents} became ${sum}`);
  }
});
