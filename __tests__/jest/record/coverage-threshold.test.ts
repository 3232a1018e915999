/** Thresholds travel from the nodes to the merge, and mean the same there. */
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { StoredThreshold } from '../../../src/blob/blob';
import { toLocal, toPortable } from '../../../src/blob/portable-paths';
import { restoreThreshold, storeThreshold } from '../../../src/jest/record/coverage-settings';

const checkout = (root: string) => ({
  toLocal: toLocal(root),
  isInside: (file: string) => !path.relative(root, file).startsWith('..'),
});

const ROOT = path.resolve('/ci/app');
const HERE = path.resolve('/home/ada/app');
const GROUPS = {
  global: { lines: 80 },
  './src/': { branches: -3 },
  'src/**/*.js': { statements: 50 },
  [path.join(ROOT, 'lib')]: { lines: 10 },
};

describe('a threshold', () => {
  test('comes back as it was written, absolute paths moved', () => {
    const stored = storeThreshold(GROUPS, ROOT, toPortable(ROOT)) as StoredThreshold;
    expect(JSON.stringify(stored)).not.toContain(JSON.stringify(ROOT).slice(1, -1));
    expect(restoreThreshold(stored, HERE, checkout(HERE))).toEqual({
      global: { lines: 80 },
      './src/': { branches: -3 },
      'src/**/*.js': { statements: 50 },
      [path.join(HERE, 'lib')]: { lines: 10 },
    });
  });

  test('means the same in another working directory', () => {
    const stored = storeThreshold(GROUPS, path.join(ROOT, 'web'), toPortable(ROOT)) as StoredThreshold;
    expect(Object.keys(restoreThreshold(stored, HERE, checkout(HERE)))).toEqual([
      'global',
      path.join('web', 'src') + path.sep,
      path.join('web', 'src', '**', '*.js'),
      path.join(HERE, 'lib'),
    ]);
  });

  test('asks nothing of what lies outside the checkout', () => {
    const groups = { global: { lines: 1 }, '../../**': { lines: 1 }, '/etc/**': { lines: 1 } };
    const stored = { from: '<jd:rootDir>', groups };
    expect(restoreThreshold(stored, HERE, checkout(HERE))).toEqual({ global: { lines: 1 } });
  });

  test.each([undefined, null, {}])('%j is none', (value) => {
    expect(storeThreshold(value, ROOT, toPortable(ROOT))).toBeNull();
  });
});
