/** Why a node ended badly. */
import { describe, expect, test } from '@jest/globals';
import { type ExitFacts, exitReasons } from '../../../src/jest/record/exit-reasons';

const facts = (change: Partial<ExitFacts> = {}): ExitFacts => ({
  code: 1,
  signal: null,
  outcome: { kind: 'done' },
  results: { success: true, numFailedTests: 0, numRuntimeErrorTestSuites: 0, snapshot: {} },
  reporterErrors: [],
  uncaught: undefined,
  teardowns: [],
  printed: undefined,
  ...change,
});

describe('reasons', () => {
  test.each<[string, Partial<ExitFacts>, string[]]>([
    ['a good end', { code: 0 }, []],
    [
      'a teardown',
      { teardowns: ['nodeTeardown of node 1 ended with exit code 3\n  | output'] },
      ['nodeTeardown of node 1 ended with exit code 3'],
    ],
    ['a signal', { code: null, signal: 'SIGTERM' }, []],
    [
      'globalTeardown',
      { outcome: { kind: 'threw', message: 'jest: Got error running globalTeardown - /app/td.js,\n reason: no' } },
      ['Got error running globalTeardown - /app/td.js, reason: no'],
    ],
    ['nobody caught it', { uncaught: 'late' }, ['an uncaught error after the tests: late']],
    [
      'process.exitCode',
      {},
      ["the project's own code set the exit code: a reporter, globalSetup, globalTeardown or a listener"],
    ],
    [
      'process.exit, when Jest has not called the run a success yet',
      {
        outcome: { kind: 'running' },
        results: { success: false, numFailedTests: 0, numRuntimeErrorTestSuites: 0, snapshot: {} },
      },
      ['process.exit was called before Jest had finished (by a reporter?)'],
    ],
    [
      'process.exit of --bail, in the midst of the last listener',
      {
        outcome: { kind: 'running' },
        results: { success: false, numFailedTests: 1, numRuntimeErrorTestSuites: 0, snapshot: {} },
      },
      [],
    ],
    ['a Jest that was not started by us', { outcome: { kind: 'unknown' } }, []],
    [
      'what a Jest that was not started by us printed at its end',
      { outcome: { kind: 'unknown' }, printed: 'reporter broke' },
      ['reporter broke'],
    ],
    ['a stack in the output of a Jest that came to its end', { printed: 'logged', code: 0 }, []],
    [
      'only failed tests',
      { results: { success: false, numFailedTests: 2, numRuntimeErrorTestSuites: 0, snapshot: {} } },
      [],
    ],
    [
      'an obsolete snapshot',
      {
        results: {
          ...{ success: false, numFailedTests: 0, numRuntimeErrorTestSuites: 0 },
          snapshot: { failure: true, unchecked: 1 },
        },
      },
      ['Jest found 1 obsolete snapshot (jest -u removes them)'],
    ],
    [
      'a threshold',
      {
        results: { success: false, numFailedTests: 0, numRuntimeErrorTestSuites: 0, snapshot: {} },
        reporterErrors: ['Jest: Coverage for lines (71%) does not meet global threshold (80%)'],
      },
      ['coverage for lines (71%) does not meet global threshold (80%)'],
    ],
    [
      'nobody knows whether a reporter did it',
      {
        outcome: { kind: 'unknown' },
        results: { success: false, numFailedTests: 0, numRuntimeErrorTestSuites: 0, snapshot: {} },
      },
      [],
    ],
    [
      'a reporter that only says that there was an error',
      { results: { success: false, numFailedTests: 0, numRuntimeErrorTestSuites: 0, snapshot: {} } },
      ['a reporter of the project reported an error'],
    ],
  ])('%s', (_name, change, reasons) => {
    expect(exitReasons(facts(change))).toEqual(reasons);
  });

  test('a long message is cut', () => {
    const [reason = ''] = exitReasons(facts({ outcome: { kind: 'threw', message: 'x'.repeat(5000) } }));
    expect(reason).toHaveLength(300);
  });
});
