import { expect, test } from '@jest/globals';
import { hasPassed, watchEndLines } from '../../../src/reports/live/end-lines';
import { log } from '../sample-plan';
import { ended, planned, runOf, stateOf, type Timed } from './sample-run';

const RUN = runOf([planned(1, 'a.test.js')]);
const ends = (exitCode: number | null, signal: string | null): Timed[] => [
  [0, { kind: 'node-started', node: 1 }],
  [1, ended(1, 'a.test.js')],
  [2, { kind: 'node-ended', node: 1, exitCode, signal }],
];

test.each([
  [0, null, true, 'passed'],
  [1, null, false, 'failed'],
  [null, 'SIGKILL', false, 'failed'],
] as const)('a run whose tests passed and whose node ended with %s, %s', (exitCode, signal, passes, word) => {
  const state = stateOf(RUN, ends(exitCode, signal));
  expect(hasPassed(state, 'finished')).toBe(passes);
  expect(watchEndLines(state, 'finished', log).at(-1)).toContain(word);
});

test('how a node ended says nothing where the run was proved: others of a queue have run what it left behind', () => {
  const killed = ends(null, 'SIGTERM');
  const proved = stateOf(RUN, [...killed, [3, { kind: 'run-ended', problems: [] }]]);
  expect(hasPassed(proved, 'finished')).toBe(true);
  const lacking = stateOf(RUN, [...killed, [3, { kind: 'run-ended', problems: ['b.test.js ran on no node.'] }]]);
  expect(hasPassed(lacking, 'finished')).toBe(false);
  expect(watchEndLines(lacking, 'finished', log)).toEqual([
    '1 error in its proof:',
    '  b.test.js ran on no node.',
    expect.stringContaining('failed'),
  ]);
});
