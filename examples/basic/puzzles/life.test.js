const { step } = require('./life');

const after = (generations, cells) => {
  let living = new Set(cells);
  for (let i = 0; i < generations; i++) living = step(living);
  return living;
};

test('a block stays, a blinker blinks, a lonely cell dies', () => {
  const block = ['0,0', '0,1', '1,0', '1,1'];
  const blinker = ['0,0', '1,0', '2,0'];
  expect(after(1, block)).toEqual(new Set(block));
  expect(after(1, blinker)).toEqual(new Set(['1,-1', '1,0', '1,1']));
  expect(after(2, blinker)).toEqual(new Set(blinker));
  expect(after(1, ['5,5'])).toEqual(new Set());
});

test('a glider moves one cell diagonally in four generations', () => {
  const glider = ['1,0', '2,1', '0,2', '1,2', '2,2'];
  const moved = ['2,1', '3,2', '1,3', '2,3', '3,3'];
  expect(after(4, glider)).toEqual(new Set(moved));
});

test('the R-pentomino comes to rest after 1,103 generations, with 116 cells', () => {
  expect(after(1_103, ['1,0', '2,0', '0,1', '1,1', '1,2']).size).toBe(116);
});
