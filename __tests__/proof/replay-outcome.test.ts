/** What became of a replay. */
import { describe, expect, test } from '@jest/globals';
import { type ReplayEnd, type ReplayOutcome, replayProblems } from '../../src/proof/replay-outcome';

const DUE = { files: 4, tests: 9 };
const outcome = (change: Partial<ReplayOutcome> = {}): ReplayOutcome => ({
  success: true,
  causes: [],
  error: null,
  files: 4,
  tests: 9,
  unknown: [],
  call: null,
  ...change,
});
const end = (change: Partial<ReplayEnd> = {}): ReplayEnd => ({ code: 0, signal: null, outcome: outcome(), ...change });

describe('problems of a replay', () => {
  test.each<[string, Partial<ReplayEnd>, readonly string[], string[]]>([
    ['all is well', {}, [], []],
    ['parts of a file were more tests than one of its nodes had', { outcome: outcome({ tests: 12 }) }, [], []],
    [
      'failed tests are told elsewhere, thresholds are not',
      { code: 1, outcome: outcome({ success: false, causes: ['coverage is low'] }) },
      [],
      ['coverage is low'],
    ],
    [
      'killed',
      { code: null, signal: 'SIGKILL', outcome: undefined },
      [],
      ["the process of Jest's reporters ended by SIGKILL before the run was reported"],
    ],
    [
      'it showed something and left',
      { outcome: undefined },
      ['--coverage', '--version'],
      [
        "the process of Jest's reporters ended with exit code 0 before the run was reported (its arguments were --version)",
      ],
    ],
    [
      'it only listed',
      { outcome: outcome({ files: 0, tests: 0 }) },
      ['--listTests'],
      ['Jest reported only 0 of 4 test files (its arguments were --listTests)'],
    ],
    ['it lost tests', { outcome: outcome({ tests: 8 }) }, [], ['Jest reported only 8 of 9 tests']],
    [
      'Jest gave up',
      { code: 1, outcome: outcome({ success: false, error: 'a reporter threw' }) },
      [],
      ['Jest could not report the run: a reporter threw'],
    ],
    ['an exit code of a reporter', { code: 3 }, [], ["the project's reporters ended with exit code 3"]],
    [
      'killed after the end, with a run that failed for a reason nobody knows',
      { code: null, signal: 'SIGKILL', outcome: outcome({ success: false, causes: [] }) },
      [],
      ["the project's reporters ended by SIGKILL"],
    ],
    ['killed after the end', { code: null, signal: 'SIGTERM' }, [], ["the project's reporters ended by SIGTERM"]],
  ])('%s', (_name, change, args, problems) => {
    expect(replayProblems(end(change), DUE, args)).toEqual(problems);
  });
});
