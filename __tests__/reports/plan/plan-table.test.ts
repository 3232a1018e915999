import { describe, expect, test } from '@jest/globals';
import type { Plan } from '../../../src/plan/plan';
import { plannedMsOf } from '../../../src/reports/plan/node-time';
import { planTable } from '../../../src/reports/plan/plan-table';
import { asciiLog, log, samplePlan } from '../sample-plan';

const planned = (plan: Plan) => plan.nodes.map((node) => plannedMsOf(plan, node));

describe('planTable', () => {
  test('one line a node with a bar, and what the plan rests on', () => {
    const plan = samplePlan([[4000, 4000], [3000, 2000, 1000], []]);
    expect(planTable(plan, log)).toEqual([
      'node  files   load',
      '   1      2  8.0 s  ████████████████████████████████████████',
      '   2      3  6.0 s  ██████████████████████████████',
      '   3      0   0 ms',
      '',
      'files     5 files on 3 nodes, 1 worker a node',
      'strategy  bounded-ring, hash by file',
      'makespan  8.0 s, lower bound 4.7 s',
      'balance   1.71 (makespan / lower bound, 1.00 is perfect)',
      'digest    3f9a1c2e5b6d7788',
    ]);
  });

  test('without timings it says so, and loads that repeat the count are left out', () => {
    const plan = samplePlan([[1, 1], [1]], { unit: 'files' });
    expect(planTable(plan, asciiLog)).toEqual([
      'node  files',
      '   1      2  ########################################',
      '   2      1  ####################',
      '',
      'files     3 files on 2 nodes, 1 worker a node',
      'strategy  bounded-ring, hash by file',
      'makespan  2 files, lower bound 1.5',
      'balance   1.33 (makespan / lower bound, 1.00 is perfect)',
      'digest    3f9a1c2e5b6d7788',
      'note      no timings: every file counts 1',
    ]);
  });

  test('sizes are kilobytes, and with several workers a node takes less than its load', () => {
    const plan = samplePlan([[3000, 3000, 2000], [4000]], { unit: 'bytes', workers: 2 });
    expect(planTable(plan, log)).toEqual([
      'node  files    load    time',
      '   1      3  8.0 kB  5.0 kB  ████████████████████████████████████████',
      '   2      1  4.0 kB  4.0 kB  ████████████████████████████████',
      '',
      'files     4 files on 2 nodes, 2 workers a node',
      'strategy  bounded-ring, hash by file',
      'makespan  5.0 kB, lower bound 4.0 kB',
      'balance   1.25 (makespan / lower bound, 1.00 is perfect)',
      'digest    3f9a1c2e5b6d7788',
      'note      no timings: files are weighted by size',
    ]);
  });

  test('parts of a split file count as one file, with their share of the load', () => {
    const plan = samplePlan(
      [
        [3000, 1000],
        [3000, 900],
      ],
      {
        item: (_, place) => (place === 1 ? { file: 'src/heavy.test.js', part: 'a' } : {}),
      },
    );
    expect(planTable(plan, log, { notes: ['1 file is not in the timings and counts as the median, 1.0 s'] })).toEqual([
      'node  files  items  split   load',
      '   1      2      2   75 %  4.0 s  ████████████████████████████████████████',
      '   2      2      2   77 %  3.9 s  ███████████████████████████████████████',
      '',
      'files     3 files on 2 nodes, 1 worker a node, 1 of them split into 2 parts',
      'strategy  bounded-ring, hash by file',
      'makespan  4.0 s, lower bound 4.0 s',
      'balance   1.01 (makespan / lower bound, 1.00 is perfect)',
      'digest    3f9a1c2e5b6d7788',
      'note      1 file is not in the timings and counts as the median, 1.0 s',
    ]);
  });

  const dealt = (node: number) => ({
    file: 'src/dealt.test.js',
    part: `${node}/2 by suite`,
    content: { kind: 'hashed', by: 'suite', part: node, of: 2 } as const,
  });

  test('no load, bar or balance is claimed where the files themselves say who has what', () => {
    const plan = samplePlan([[1000], [1000]], { item: dealt });
    expect(planTable(plan, log)).toEqual([
      'node  files  items  split',
      '   1      1      1  100 %',
      '   2      1      1  100 %',
      '',
      'files     1 file on 2 nodes, 1 worker a node, 1 of them split into 2 parts',
      'strategy  bounded-ring, hash by file',
      'loads     unknown: tests of 1 file are hashed by suite when the file is loaded',
      'digest    3f9a1c2e5b6d7788',
    ]);
    expect(planned(plan)).toEqual([null, null]);
  });

  test('a few dealt files beside many whole ones are a note', () => {
    const plan = samplePlan(
      [
        [5000, 1000],
        [5000, 1000],
      ],
      { item: (node, place) => (place === 2 ? dealt(node) : {}) },
    );
    const text = planTable(plan, log).join('\n').replace(/\s+/g, ' ');
    expect(text).toContain('balance 1.00');
    expect(text).toContain(
      'note tests of 1 file are hashed by suite when the file is loaded; each node counts an even share of them',
    );
    expect(planned(plan)).toEqual([6000, 6000]);
  });

  test('one line a node however many there are', () => {
    expect(planTable(samplePlan(Array.from({ length: 300 }, () => [10])), log)).toHaveLength(1 + 300 + 1 + 5);
  });

  test('a plan without a single file is a table all the same', () => {
    expect(planTable(samplePlan([[], []], { unit: 'files' }), log)).toEqual([
      'node  files',
      '   1      0',
      '   2      0',
      '',
      'files     0 files on 2 nodes, 1 worker a node',
      'strategy  bounded-ring, hash by file',
      'makespan  0 files, lower bound 0',
      'balance   1.00 (makespan / lower bound, 1.00 is perfect)',
      'digest    3f9a1c2e5b6d7788',
      'note      no timings: every file counts 1',
    ]);
  });
});
