import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { readPage, root } from './pages';

const folder = path.join(root, 'docs', 'images');

test('pictures of the README are small, and each is shown', () => {
  const names = readdirSync(folder);
  expect(names.toSorted()).toEqual(['dashboard.png', 'run-local.svg', 'step-summary.png', 'timeline.png']);
  for (const name of names) {
    expect(statSync(path.join(folder, name)).size).toBeLessThan(150_000);
    expect(readPage('README.md').links).toContain(`docs/images/${name}`);
  }
});
