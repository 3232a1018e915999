import { describe, expect, test } from '@jest/globals';
import { timeLeft } from '../../../src/reports/live/time-left';
import { ended, failed, itemOf, planned, runOf, START, stateOf, type Timed } from './sample-run';

const RUN = runOf([planned(1, 'a.test.js'), planned(1, 'b.test.js'), planned(2, 'c.test.js')]);

const both: Timed[] = [
  [0, { kind: 'node-started', node: 1 }],
  [0, { kind: 'node-started', node: 2 }],
  [1, { kind: 'node-ready', node: 1, files: 2 }],
  [1, { kind: 'node-ready', node: 2, files: 1 }],
];

const started = (node: number, path: string) => ({ kind: 'file-started', node, ...itemOf(path) }) as const;

describe('a run of two nodes', () => {
  test('knows what runs since when, and what is done', () => {
    const state = stateOf(RUN, [
      ...both,
      [2, started(1, 'a.test.js')],
      [2.5, started(2, 'c.test.js')],
      [4, ended(1, 'a.test.js')],
    ]);
    expect(state.running).toEqual([{ node: 2, ...itemOf('c.test.js'), startedAt: START + 2_500 }]);
    expect(state.nodes).toMatchObject([
      { number: 1, state: 'running', filesDone: 1, filesTotal: 2, doneEstimate: 1_000, endedAt: null },
      { number: 2, state: 'running', filesDone: 0, filesTotal: 1, doneEstimate: 0 },
    ]);
    expect(state.doneMs).toBe(2_000);
  });

  test('counts a failed test once: when it fails, and not again at the end of its file', () => {
    const before: Timed[] = [...both, [2, started(1, 'a.test.js')], [3, failed(1, 'a.test.js', 'adds')]];
    expect(stateOf(RUN, before).nodes[0]?.testsFailed).toBe(1);
    const after = stateOf(RUN, [...before, [4, ended(1, 'a.test.js', { failed: 3 })]]);
    expect(after.nodes[0]?.testsFailed).toBe(3);
    expect(after.failures).toMatchObject([{ node: 1, test: 'adds', error: 'Error: no', isRecovered: false }]);
  });

  test('takes a failure back where the test passes when it is tried again', () => {
    const state = stateOf(RUN, [
      ...both,
      [2, started(1, 'a.test.js')],
      [3, failed(1, 'a.test.js', 'adds')],
      [3, failed(1, 'a.test.js', 'adds')],
      [4, { kind: 'test-passed', node: 1, ...itemOf('a.test.js'), test: 'adds' }],
      [5, ended(1, 'a.test.js')],
    ]);
    expect(state.failures).toMatchObject([{ test: 'adds', isRecovered: true }]);
    expect(state.nodes[0]?.testsFailed).toBe(0);
  });

  test('a file that fails as a whole is a failure, and no test', () => {
    const state = stateOf(RUN, [...both, [3, failed(2, 'c.test.js', null)], [3, ended(2, 'c.test.js', { ok: false })]]);
    expect(state.failures).toHaveLength(1);
    expect(state.nodes[1]?.testsFailed).toBe(0);
  });

  test.each([
    [0, null, 'passed'],
    [1, null, 'failed'],
    [null, 'SIGKILL', 'killed'],
  ] as const)('a node that ends with %s, %s %s, and nothing of it runs on', (exitCode, signal, state) => {
    const end: Timed = [9, { kind: 'node-ended', node: 1, exitCode, signal }];
    const after = stateOf(RUN, [...both, [2, started(1, 'a.test.js')], [2, started(2, 'c.test.js')], end]);
    expect(after.nodes[0]).toMatchObject({ state, endedAt: START + 9_000, exitCode, signal });
    expect(after.running.map(({ node }) => node)).toEqual([2]);
  });

  test('a part of a file that passes on one node takes nothing back of another', () => {
    const state = stateOf(RUN, [...both, [2, failed(1, 'a.test.js', 'adds')], [3, ended(2, 'a.test.js')]]);
    expect(state.failures[0]?.isRecovered).toBe(false);
  });
});

describe('a queue', () => {
  const QUEUE = runOf([planned(null, 'a.test.js'), planned(null, 'b.test.js')], { isQueued: true, nodes: 2 });
  const failing: Timed[] = [...both, [2, started(1, 'a.test.js')], [3, failed(1, 'a.test.js', 'adds')]];

  test('what is sent on counts for no node, whether it then passes or fails', () => {
    const sent: Timed[] = [...failing, [4, { kind: 'file-withdrawn', node: 1, ...itemOf('a.test.js') }]];
    expect(stateOf(QUEUE, sent).nodes[0]?.testsFailed).toBe(0);
    expect(stateOf(QUEUE, sent).failures).toMatchObject([{ test: 'adds', isRecovered: false, isCounted: false }]);
    const again: Timed[] = [...sent, [5, failed(2, 'a.test.js', 'adds')], [6, ended(2, 'a.test.js', { failed: 1 })]];
    expect(stateOf(QUEUE, again).nodes.map(({ testsFailed }) => testsFailed)).toEqual([0, 1]);
    const passed = stateOf(QUEUE, [...sent, [6, ended(2, 'a.test.js')]]);
    expect(passed.nodes.map(({ testsFailed }) => testsFailed)).toEqual([0, 0]);
    expect(passed.failures[0]?.isRecovered).toBe(true);
  });

  test('sends a file on: it runs on its next node alone, and what then passes takes its failures back', () => {
    expect(
      stateOf(QUEUE, [...failing, [4, { kind: 'file-withdrawn', node: 1, ...itemOf('a.test.js') }]]).running,
    ).toEqual([]);
    const again = stateOf(QUEUE, [...failing, [4, started(2, 'a.test.js')]]);
    expect(again.running.map(({ node }) => node)).toEqual([2]);
    const passed = stateOf(QUEUE, [...failing, [4, started(2, 'a.test.js')], [5, ended(2, 'a.test.js')]]);
    expect(passed.failures[0]?.isRecovered).toBe(true);
    expect(passed.nodes.map(({ testsFailed }) => testsFailed)).toEqual([0, 0]);
  });
});

describe('the time that is left', () => {
  const at = (seconds: number) => START + seconds * 1_000;

  test('is that of the node with most left, by its estimates', () => {
    const run = runOf([
      planned(1, 'a.test.js', 10_000),
      planned(1, 'b.test.js', 20_000),
      planned(2, 'c.test.js', 5_000),
    ]);
    const begun: Timed[] = [...both, [1, started(1, 'a.test.js')], [1, started(2, 'c.test.js')]];
    expect(timeLeft(stateOf(run, begun), at(1))).toBe(30_000);
    expect(timeLeft(stateOf(run, begun), at(5))).toBe(26_000);
    // Late, but not yet over: what it may still take is not known, the rest is.
    expect(timeLeft(stateOf(run, begun), at(40))).toBe(20_000);
    const over: Timed[] = [
      [40, { kind: 'node-ended', node: 1, exitCode: 0, signal: null }],
      [40, { kind: 'node-ended', node: 2, exitCode: 0, signal: null }],
    ];
    expect(timeLeft(stateOf(run, [...begun, ...over]), at(40))).toBe(0);
  });

  test('follows the pace of this machine', () => {
    const run = runOf([planned(1, 'a.test.js', 10_000), planned(1, 'b.test.js', 10_000)]);
    const slow = stateOf(run, [both[0] as Timed, [0, started(1, 'a.test.js')], [25, ended(1, 'a.test.js')]]);
    expect(timeLeft(slow, at(25))).toBe(20_000);
  });

  test('is shared by workers and by nodes of a queue, and no shorter than a single file', () => {
    const items = [
      planned(null, 'a.test.js', 30_000),
      planned(null, 'b.test.js', 10_000),
      planned(null, 'c.test.js', 20_000),
    ];
    expect(timeLeft(stateOf(runOf(items, { isQueued: true, nodes: 2 }), both), at(0))).toBe(30_000);
    const many = runOf(items, { isQueued: true, nodes: 2, workers: 4 });
    expect(timeLeft(stateOf(many, [...both, [0, started(1, 'a.test.js')]]), at(0))).toBe(30_000);
  });

  test('adds up where one node runs after the other', () => {
    const run = runOf([planned(1, 'a.test.js', 10_000), planned(2, 'b.test.js', 20_000)], { takesTurns: true });
    expect(timeLeft(stateOf(run, [both[0] as Timed]), at(0))).toBe(30_000);
  });

  test('is not known before three files are done where estimates are no durations', () => {
    const names = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}.test.js`);
    const run = runOf(
      names.map((name) => planned(1, name, 1)),
      { unit: 'files' },
    );
    const done = (count: number): Timed[] =>
      names.slice(0, count).flatMap((name, index): Timed[] => [
        [index * 2, started(1, name)],
        [index * 2 + 2, ended(1, name)],
      ]);
    expect(timeLeft(stateOf(run, [both[0] as Timed, ...done(2)]), at(4))).toBeNull();
    expect(timeLeft(stateOf(run, [both[0] as Timed, ...done(3)]), at(6))).toBe(4_000);
  });
});
