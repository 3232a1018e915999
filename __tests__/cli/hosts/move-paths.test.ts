import { expect, test } from '@jest/globals';
import { movePath } from '../../../src/cli/hosts/agent/move-paths';

test.each([
  ['/home/ann/shop', '/copy'],
  ['/home/ann/shop/jest.config.js', '/copy/jest.config.js'],
  ['--config=/home/ann/shop/a b/jest.config.js', '--config=/copy/a b/jest.config.js'],
  ['--rootDir=/home/ann/shop', '--rootDir=/copy'],
  ['/home/ann/shopping/a.test.js', '/home/ann/shopping/a.test.js'],
  ['src/home/ann/shop/x', 'src/home/ann/shop/x'],
  ['--coverage', '--coverage'],
  ['-t=/home/ann/shop/x', '-t=/home/ann/shop/x'],
])('%j → %j', (word, moved) => {
  expect(movePath(word, '/home/ann/shop', '/copy')).toBe(moved);
});
