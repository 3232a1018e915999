import { describe, expect, test } from '@jest/globals';
import { startLines } from '../../../src/reports/node/start-lines';
import { asciiLog, log, samplePlan } from '../sample-plan';

const four = samplePlan([[4000, 4000], [3000, 2000, 1000], [8000], []]);

describe('startLines', () => {
  test('every node with its files, tests and load, this one marked', () => {
    expect(startLines(four, { node: 2, nodes: 4 }, log, { testsPerNode: [120, null, 1, 0] })).toEqual([
      'jest-distributed: node 2 of 4, 6 files (bounded-ring, digest 3f9a1c2e)',
      '   node 1  2 files  120 tests  8.0 s  ██████████████████████████████',
      '›  node 2  3 files             6.0 s  ██████████████████████▌',
      '   node 3   1 file     1 test  8.0 s  ██████████████████████████████',
      '   node 4  0 files    0 tests   0 ms',
      '   planned to take 8.0 s (balance 1.00)',
    ]);
  });

  test('without timings it counts files', () => {
    const plan = samplePlan([[1, 1], [1]], { unit: 'files' });
    expect(startLines(plan, { node: 1, nodes: 2 }, asciiLog)).toEqual([
      'jest-distributed: node 1 of 2, 3 files (bounded-ring, digest 3f9a1c2e)',
      '>  node 1  2 files  ##############################',
      '   node 2   1 file  ###############',
      '   no timings: every file counts 1',
    ]);
  });

  test('where files are dealt when they are loaded, it claims no load', () => {
    const content = { kind: 'hashed', by: 'test', part: 1, of: 2 } as const;
    const plan = samplePlan([[1000], [1000]], { item: () => ({ file: 'a.test.js', part: 'x', content }) });
    expect(startLines(plan, { node: 1, nodes: 2 }, log)).toEqual([
      'jest-distributed: node 1 of 2, 1 file (bounded-ring, digest 3f9a1c2e)',
      '›  node 1  1 file',
      '   node 2  1 file',
      '   loads are unknown: tests of 1 file are hashed by test when the file is loaded',
    ]);
  });

  test('one node needs no bar', () => {
    expect(startLines(samplePlan([[1500]]), { node: 1, nodes: 1 }, log)).toEqual([
      'jest-distributed: node 1 of 1, 1 file (bounded-ring, digest 3f9a1c2e)',
      '›  node 1  1 file  1.5 s',
      '   planned to take 1.5 s (balance 1.00)',
    ]);
  });

  test('several workers shorten the time, not the load', () => {
    const plan = samplePlan(
      [
        [3000, 3000],
        [4000, 2000],
      ],
      { workers: 2 },
    );
    expect(startLines(plan, { node: 1, nodes: 2 }, log)).toEqual([
      'jest-distributed: node 1 of 2, 4 files (bounded-ring, digest 3f9a1c2e)',
      '›  node 1  2 files  6.0 s  ██████████████████████▌',
      '   node 2  2 files  6.0 s  ██████████████████████████████',
      '   planned to take 4.0 s with 2 workers a node (balance 1.00)',
    ]);
  });

  test('fifty nodes fold into this one and the extremes', () => {
    const plan = samplePlan(Array.from({ length: 50 }, (_, index) => [10_000 + 100 * ((index * 7) % 50)]));
    expect(startLines(plan, { node: 7, nodes: 50 }, log)).toEqual([
      'jest-distributed: node 7 of 50, 50 files (bounded-ring, digest 3f9a1c2e)',
      '›  this node         1 file  14.2 s  ████████████████████████████▋',
      '   least (node 1)    1 file  10.0 s  ████████████████████▏',
      '   median (node 33)  1 file  12.4 s  █████████████████████████',
      '   most (node 8)     1 file  14.9 s  ██████████████████████████████',
      '   planned to take 14.9 s (balance 1.00)',
    ]);
  });

  test.each([1, 4, 8, 9, 16, 50, 1000])('at most ten lines with %d nodes, at any width', (nodes) => {
    const plan = samplePlan(Array.from({ length: nodes }, () => [1000]));
    for (const columns of [40, 80, 200]) {
      expect(startLines(plan, { node: nodes, nodes }, { ...log, columns }).length).toBeLessThanOrEqual(10);
    }
  });
});
