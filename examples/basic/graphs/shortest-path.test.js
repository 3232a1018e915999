const { shortestPath } = require('./shortest-path');

const roads = { a: { b: 7, c: 9, f: 14 }, b: { c: 10, d: 15 }, c: { d: 11, f: 2 }, d: { e: 6 }, f: { e: 9 } };

test('takes the short way, not the one with few steps', () => {
  expect(shortestPath(roads, 'a', 'e')).toEqual({ length: 20, path: ['a', 'c', 'f', 'e'] });
});

test('is there already', () => {
  expect(shortestPath(roads, 'a', 'a')).toEqual({ length: 0, path: ['a'] });
});

test('one-way roads have no way back', () => {
  expect(shortestPath(roads, 'e', 'a')).toBeNull();
});

test('crosses a grid of 60 by 60', () => {
  const grid = {};
  for (let x = 0; x < 60; x++) {
    for (let y = 0; y < 60; y++) grid[`${x},${y}`] = { [`${x + 1},${y}`]: 1, [`${x},${y + 1}`]: 1 };
  }
  expect(shortestPath(grid, '0,0', '59,59').length).toBe(118);
});
