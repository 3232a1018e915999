import { describe, expect, test } from '@jest/globals';
import { isProgressDue, logLines, stillRunningLines } from '../../../src/reports/live/log-lines';
import { reduceLive, startRun } from '../../../src/reports/live/state';
import { log } from '../sample-plan';
import { dated, ended, failed, itemOf, planned, runOf, START, stateOf, type Timed } from './sample-run';

const names = Array.from({ length: 12 }, (_, index) => `src/${index + 1}.test.js`);
const RUN = runOf(names.map((name) => planned(1, name)));

/** All lines of a log. */
function logOf(events: readonly Timed[]): string[] {
  let state = startRun(RUN);
  return events.map(dated).flatMap((event) => {
    const before = state;
    state = reduceLive(before, event);
    return logLines(before, event, state, log);
  });
}

const BEGIN: Timed[] = [
  [0, { kind: 'node-started', node: 1 }],
  [1, { kind: 'node-ready', node: 1, files: 12 }],
];

const ERROR =
  'Error: expect(received).toBe(expected) // Object.is equality\n\nExpected: 2\nReceived: 1\n    at Object.<anonymous> (src/1.test.js:3:1)';

describe('a log', () => {
  test('says when a node starts, how far it is, and how it ended', () => {
    expect(
      logOf([
        ...BEGIN,
        ...names.map((name, index): Timed => [index + 2, ended(1, name, index === 3 ? { failed: 2 } : {})]),
        [15, { kind: 'node-ended', node: 1, exitCode: 1, signal: null }],
      ]),
    ).toEqual([
      'node 1: started with 12 files',
      'node 1: 2 of 12 files, 3.0 s',
      'node 1: 3 of 12 files, 4.0 s',
      ...[4, 5, 6, 7, 8, 9, 10, 11]
        .map((done) => `node 1: ${done} of 12 files, 2 tests failed, ${done + 1}.0 s`)
        .filter((line) => !/: 1 of|: 7 of/.test(line)),
      'node 1: failed with exit code 1: 12 of 12 files, 2 tests failed, 15.0 s',
    ]);
  });

  test('says how a killed node ended', () => {
    const lines = logOf([...BEGIN, [9, { kind: 'node-ended', node: 1, exitCode: null, signal: 'SIGKILL' }]]);
    expect(lines.at(-1)).toBe('node 1: killed by SIGKILL: 0 of 12 files, 9.0 s');
  });

  test('names what a node ran when it was cut short', () => {
    const lines = logOf([
      ...BEGIN,
      [2, { kind: 'file-started', node: 1, ...itemOf('src/1.test.js') }],
      [3, ended(1, 'src/1.test.js')],
      [4, { kind: 'file-started', node: 1, ...itemOf('src/2.test.js') }],
      [9, { kind: 'node-ended', node: 1, exitCode: 1, signal: null }],
    ]);
    expect(lines.slice(-2)).toEqual([
      'node 1: failed with exit code 1, cut short while it ran src/2.test.js: 1 of 12',
      '  files, 9.0 s',
    ]);
  });

  test('names a failure when it comes, with what was compared, and once', () => {
    const fail = failed(1, 'src/1.test.js', 'cart adds', ERROR);
    expect(logOf([...BEGIN, [2, fail], [2, fail], [3, ended(1, 'src/1.test.js', { failed: 1 })]]).slice(1)).toEqual([
      'node 1: failed: src/1.test.js › cart adds',
      '  Error: expect(received).toBe(expected) Expected: 2 Received: 1',
    ]);
  });

  test('names a file that could not run, and a test that passes on a later try', () => {
    const passed = { kind: 'test-passed', node: 1, ...itemOf('src/2.test.js'), test: 'adds' } as const;
    expect(
      logOf([
        ...BEGIN,
        [2, failed(1, 'src/1.test.js', null, "Cannot find module './x' from 'src/1.test.js'")],
        [3, failed(1, 'src/2.test.js', 'adds')],
        [4, passed],
      ]).slice(1),
    ).toEqual([
      'node 1: failed to run: src/1.test.js',
      "  Cannot find module './x' from 'src/1.test.js'",
      'node 1: failed: src/2.test.js › adds',
      '  Error: no',
      'passed on a later try, after it failed on node 1: src/2.test.js › adds',
    ]);
  });

  test('does not name a thousand failures', () => {
    const all = Array.from({ length: 1_000 }, (_, index): Timed => [2, failed(1, 'src/1.test.js', `test ${index}`)]);
    const lines = logOf([...BEGIN, ...all]);
    expect(lines.at(-1)).toBe('30 failures were printed; all of them are listed at the end');
    expect(lines.filter((line) => line.includes('failed: '))).toHaveLength(30);
  });

  test('a name commands neither terminal nor CI', () => {
    const lines = logOf([
      ...BEGIN,
      [2, failed(1, 'src/1.test.js', 'a\n::error::b', '\u001b[31m::error::c\u0007')],
    ]).slice(1);
    const text = lines.join('\n');
    for (const control of ['\u001b', '\u0007']) expect(text).not.toContain(control);
    expect(text).not.toMatch(/^\s*::error/m);
    expect(lines[0]).toContain('\\n');
  });

  test('that was silent says what runs, and for how long', () => {
    const running = names
      .slice(0, 5)
      .map((name, index): Timed => [2 + index, { kind: 'file-started', node: 1, ...itemOf(name) }]);
    const lines = stillRunningLines(stateOf(RUN, [...BEGIN, ...running]), START + 62_000, log);
    expect(lines.map((line) => line.trim()).join(' ')).toMatch(
      /^still running, 1 node: 0 of 12 files, 1m 02s, about \d+ s left: src\/1\.test\.js for 1m 00s on node 1, src\/2\.test\.js for 59 s on node 1, src\/3\.test\.js for 58 s on node 1, 2 more files$/,
    );
  });
});

describe('isProgressDue', () => {
  test.each([
    [4, []],
    [10, [5]],
    [40, [4, 8, 12, 16, 20, 24, 28, 32, 36]],
  ])('of %d files after %j', (total, due) => {
    const all = Array.from({ length: total + 1 }, (_, done) => done);
    expect(all.filter((done) => isProgressDue(done, total))).toEqual(due);
  });

  test('a log gets nine lines of a node however many files it has', () => {
    for (const total of [11, 97, 1000, 12_345]) {
      const all = Array.from({ length: total + 1 }, (_, done) => done);
      expect(all.filter((done) => isProgressDue(done, total))).toHaveLength(9);
    }
  });
});
