import { expect, test } from '@jest/globals';

test('the tests are ES modules: import.meta is there, and so is import()', async () => {
  expect(import.meta.url).toMatch(/\/test\/module\.test\.ts$/);
  expect(Object.keys(await import('../src/lazy.js')).sort()).toEqual(['filter', 'map', 'naturals', 'take']);
});
