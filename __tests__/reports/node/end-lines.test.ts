import { describe, expect, test } from '@jest/globals';
import { type EndView, endLines } from '../../../src/reports/node/end-lines';
import { asciiLog, log } from '../sample-plan';

const asPlanned: EndView = {
  node: 2,
  nodes: 4,
  filesPlanned: 12,
  filesRun: 12,
  filesFailed: 0,
  tests: { passed: 130, failed: 0, skipped: 3 },
  plannedMs: 40_200,
  realMs: 41_800,
  notRun: [],
  repeats: [],
};

describe('endLines', () => {
  test('files, tests and time against the plan', () => {
    expect(endLines(asPlanned, log)).toEqual([
      'jest-distributed: node 2 of 4 ran 12 of 12 files',
      '  tests: 3 skipped, 130 passed, 133 total',
      '  time: 41.8 s, planned 40.2 s (+4 %)',
    ]);
  });

  test.each([
    [40_200, '  time: 40.2 s, as planned'],
    [20_100, '  time: 20.1 s, planned 40.2 s (-50 %)'],
  ])('%d ms against 40.2 s', (realMs, line) => {
    expect(endLines({ ...asPlanned, realMs }, log)[2]).toBe(line);
  });

  test('no planned time where the plan knew no durations', () => {
    expect(endLines({ ...asPlanned, plannedMs: null }, log)[2]).toBe('  time: 41.8 s');
  });

  test('planned files that did not run are named, and the command that repeats the share is given', () => {
    const view: EndView = {
      ...asPlanned,
      filesRun: 8,
      filesFailed: 1,
      tests: { passed: 70, failed: 2, skipped: 0 },
      notRun: ['src/a.test.js', 'src/b.test.js', 'src/c.test.js', 'src/d.test.js'],
      notRunCause: 'stopped by --bail',
      repeats: [
        {
          what: "this node's share",
          words: ['npx', 'jest-distributed', 'run', '--nodes', '4', '--node-number', '2', '--', '-t', "it's"],
        },
      ],
    };
    expect(endLines(view, asciiLog)).toEqual([
      'jest-distributed: node 2 of 4 ran 8 of 12 files (1 failed)',
      '  tests: 2 failed, 70 passed, 72 total',
      '  time: 41.8 s, planned 40.2 s (+4 %)',
      '  warning: 4 planned files did not run (stopped by --bail)',
      '    src/a.test.js',
      '    src/b.test.js',
      '    src/c.test.js',
      '    and 1 more',
      "  to rerun this node's share:",
      "    npx jest-distributed run --nodes 4 --node-number 2 -- -t 'it'\\''s'",
    ]);
  });

  test('fewer files than planned is a warning even where nobody knows which', () => {
    expect(endLines({ ...asPlanned, filesRun: 11 }, log)).toContain('  warning: 11 files ran where 12 were planned');
    expect(endLines({ ...asPlanned, filesRun: 13 }, log)).toContain('  warning: 13 files ran where 12 were planned');
  });

  test('an empty share is said in one line', () => {
    const nothing = { ...asPlanned, filesPlanned: 0, filesRun: 0, tests: { passed: 0, failed: 0, skipped: 0 } };
    expect(endLines(nothing, log)).toEqual(['jest-distributed: node 2 of 4 had nothing to run']);
  });
});
