import { describe, expect, test } from '@jest/globals';
import type { JestGlobalConfig } from '../../../src/jest/host/jest-types';
import { whyNothing } from '../../../src/jest/host/nothing-to-run';

const because = (config: Record<string, unknown>) => whyNothing({ rootDir: '/', ...config } as JestGlobalConfig);

describe('whyNothing', () => {
  test.each([
    [{ onlyChanged: true, changedSince: 'main' }, 'no test file is related to what changed since main'],
    [{ onlyChanged: true, lastCommit: true }, 'no test file is related to what changed in the last commit'],
    [
      { onlyChanged: true, changedFilesWithAncestor: true },
      'no test file is related to what changed in the last commit',
    ],
    [{ onlyChanged: true }, 'no test file is related to uncommitted changes'],
    [{ passWithNoTests: true }, 'there is no test file, and passWithNoTests is set'],
    [{ passWithNoTests: true, testPathPattern: 'a|b' }, 'no test file matches a|b, and passWithNoTests is set'],
    [
      { passWithNoTests: true, testPathPatterns: { patterns: ['a', 'b'] } },
      'no test file matches a|b, and passWithNoTests is set',
    ],
    [
      { passWithNoTests: true, findRelatedTests: true, nonFlagArgs: ['src/a.js'] },
      'no test file is related to src/a.js, and passWithNoTests is set',
    ],
  ])('%j: %s', (config, reason) => {
    expect(because(config)).toBe(reason);
  });

  // A mistyped path, or a source file that no test loads: Jest ends with exit code 1.
  test.each([{}, { testPathPattern: 'nowhere' }, { findRelatedTests: true, nonFlagArgs: ['src/a.js'] }])(
    '%j is an error of Jest',
    (config) => {
      expect(because(config)).toBeNull();
    },
  );
});
