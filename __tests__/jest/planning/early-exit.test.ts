import { describe, expect, test } from '@jest/globals';
import { earlyExitNotice } from '../../../src/jest/planning/early-exit';

describe('a process that ended in the middle', () => {
  test('is told of with the file that ran', () => {
    const run = { who: 'the process of node ann', before: 'run r7 was finished' };
    expect(earlyExitNotice(run, ['a.test.js'])).toBe(
      'the process of node ann ended with exit code 0 while it ran a.test.js, before run r7 was finished; the exit code is now 1. Look for process.exit() in tests and in the code they run.',
    );
    expect(earlyExitNotice(run, [])).toContain('ended with exit code 0, before run r7 was finished');
  });
});
