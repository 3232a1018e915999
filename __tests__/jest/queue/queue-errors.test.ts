import { describe, expect, test } from '@jest/globals';
import { waitingNotice } from '../../../src/jest/queue/queue-errors';

describe('what a waiting node says', () => {
  test('names the files, the nodes that run them and for how long', () => {
    const running = [
      { key: 'test/giant.test.js', node: 'ann', runningMs: 123_000 },
      { key: 'web\0a.test.js\0\0part 2', node: 'bob', runningMs: 5_000 },
    ];
    expect(waitingNotice({ items: 60, open: 2, running })).toBe(
      'waiting for 2 of 60 files: test/giant.test.js on node ann (for 2m 03s), web: a.test.js › part 2 on node bob (for 5.0 s)',
    );
  });

  test('counts what it does not name', () => {
    const running = [{ key: 'a', node: '1', runningMs: 1000 }];
    expect(waitingNotice({ items: 1200, open: 1003, running })).toBe(
      'waiting for 1,003 of 1,200 files: a on node 1 (for 1.0 s), 1,002 more',
    );
  });
});
