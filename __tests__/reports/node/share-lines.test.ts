import { describe, expect, test } from '@jest/globals';
import { noticeLines, type PlannedShare, shareLines } from '../../../src/reports/node/share-lines';
import { log } from '../sample-plan';

const share: PlannedShare = {
  kind: 'planned',
  node: 2,
  nodes: 4,
  files: 10,
  allFiles: 40,
  strategy: 'sticky',
  digest: '3f9a1c2e5b6d7788',
};

describe('shareLines', () => {
  test('one line: node, files, strategy, digest', () => {
    expect(shareLines(share, log)).toEqual([
      'jest-distributed: node 2 of 4 runs 10 of 40 files (sticky, digest 3f9a1c2e)',
    ]);
  });

  test('the digest loses digits before the line is broken', () => {
    expect(shareLines({ ...share, strategy: 'bounded-ring' }, log)).toEqual([
      'jest-distributed: node 2 of 4 runs 10 of 40 files (bounded-ring, digest 3f9a)',
    ]);
  });

  test('an empty share', () => {
    expect(shareLines({ ...share, node: 4, files: 0, allFiles: 3 }, log)).toEqual([
      "jest-distributed: node 4 of 4: 0 of 3 files are this node's (digest 3f9a1c2e)",
    ]);
  });

  test('a single node', () => {
    expect(shareLines({ ...share, node: 1, nodes: 1, files: 40 }, log)[0]).toContain('node 1 of 1 runs 40 of 40 files');
  });

  test('switched off, and by what', () => {
    expect(shareLines({ kind: 'disabled', source: 'JEST_DISTRIBUTED_DISABLED=1', allFiles: 40 }, log)).toEqual([
      'jest-distributed: disabled by JEST_DISTRIBUTED_DISABLED=1: all 40 files run here',
    ]);
    expect(shareLines({ kind: 'disabled', source: '--distributed-disabled', allFiles: 1 }, log)).toEqual([
      'jest-distributed: disabled by --distributed-disabled: the one file runs here',
    ]);
  });

  test('a node of a queue, by its name and which of how many it is', () => {
    const queue = { kind: 'queue', name: '2', place: { number: 2, nodes: 4 }, runId: '77', allFiles: 40 } as const;
    const said = (more: object) => shareLines({ ...queue, ...more }, log);
    expect(said({})).toEqual(['jest-distributed: node 2 of 4 pulls from the queue of 40 files (run 77)']);
    expect(said({ name: 'spot-b' })).toEqual([
      'jest-distributed: node spot-b (2 of 4) pulls from the queue of 40 files (run 77)',
    ]);
    expect(said({ name: 'laptop', place: null, allFiles: 1 })).toEqual([
      'jest-distributed: node laptop pulls from the queue of 1 file (run 77)',
    ]);
  });

  test('watch mode', () => {
    expect(shareLines({ kind: 'watch' }, log)).toEqual([
      'jest-distributed: watch mode is not distributed, so every file runs here',
    ]);
  });

  test('--onlyFailures cannot be proven complete', () => {
    expect(shareLines({ kind: 'only-failures', node: 2, nodes: 4, files: 3 }, log)).toEqual([
      'jest-distributed: node 2 of 4 runs 3 files that failed on this machine',
      '  (--onlyFailures: not placed, so this run cannot be proven complete)',
    ]);
  });
});

test('a notice wraps, and what it quotes cannot disturb the terminal', () => {
  expect(noticeLines(`${'all files run here, '.repeat(4)}\u001b[2J`, log)).toEqual([
    'jest-distributed: all files run here, all files run here, all files run here,',
    '  all files run here, \\u{1b}[2J',
  ]);
});
