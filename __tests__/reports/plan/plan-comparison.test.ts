import { expect, test } from '@jest/globals';
import { planComparison } from '../../../src/reports/plan/plan-comparison';
import { asciiLog, log, samplePlan } from '../sample-plan';

const plan = samplePlan([
  [4000, 4000],
  [5000, 2000, 1000],
]);
const shard = { name: 'jest --shard', loads: [10_000, 6000], makespan: 10_000 };

test('two bars a node on one scale, and how far each is from the ideal', () => {
  expect(planComparison(plan, shard, log)).toEqual([
    'node   load  this plan                       load  jest --shard',
    '   1  8.0 s  ██████████████████████▍       10.0 s  ████████████████████████████',
    '   2  8.0 s  ██████████████████████▍        6.0 s  ████████████████▊',
    '',
    'jest --shard: 1.25 × the ideal, this plan: 1.00',
  ]);
});

test('a narrow terminal without block characters', () => {
  expect(planComparison(plan, shard, { ...asciiLog, columns: 40 })).toEqual([
    'node   load  this ...    load  jest ...',
    '   1  8.0 s  ######    10.0 s  ########',
    '   2  8.0 s  ######     6.0 s  #####',
    '',
    'jest --shard: 1.25 x the ideal, this',
    'plan: 1.00',
  ]);
});

test('where there is nothing to run, nobody is better', () => {
  const empty = samplePlan([[], []]);
  expect(planComparison(empty, { ...shard, loads: [0, 0], makespan: 0 }, log).at(-1)).toBe(
    'jest --shard: 1.00 × the ideal, this plan: 1.00',
  );
});

test('what says nothing of time is not passed off as a comparison', () => {
  const files = samplePlan([[1, 1], [1]], { unit: 'files' });
  const said = planComparison(files, { ...shard, loads: [2, 1], makespan: 2 }, log)
    .join('\n')
    .replace(/\s+/g, ' ');
  expect(said).toContain('the ideal, this plan: 1.33 Without timings every file counts 1, so this compares numbers of');
  expect(said).toContain('"timings import" makes such a file');
  const content = { kind: 'hashed', by: 'test', part: 1, of: 2 } as const;
  const dealt = samplePlan([[1000], [1000]], { item: (node) => ({ part: `${node}/2`, content }) });
  expect(planComparison(dealt, shard, log).join('\n').replace(/\s+/g, ' ')).toContain(
    'No comparison: tests of 2 files are hashed by test when the files are loaded.',
  );
});
