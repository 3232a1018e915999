import { describe, expect, test } from '@jest/globals';
import { liveLines } from '../../../src/reports/live/live-lines';
import { asciiLog, log } from '../sample-plan';
import { ended, failed, itemOf, planned, runOf, START, stateOf, type Timed } from './sample-run';

const started = (node: number, path: string) => ({ kind: 'file-started', node, ...itemOf(path) }) as const;

const names = (node: number, count: number) =>
  Array.from({ length: count }, (_, index) => `src/n${node}-${index + 1}.test.js`);

const FOUR = runOf([1, 2, 3, 4].flatMap((node) => names(node, 12).map((name) => planned(node, name))));

const EVENTS: Timed[] = [
  ...[1, 2, 3, 4].map((node): Timed => [0, { kind: 'node-started', node }]),
  ...[1, 3, 4].map((node): Timed => [1, { kind: 'node-ready', node, files: 12 }]),
  ...names(1, 3).map((name): Timed => [2, ended(1, name)]),
  [2, started(1, 'src/cart.test.js')],
  [3, started(1, 'src/n1-4.test.js')],
  [3, failed(3, 'src/n3-1.test.js', 'adds')],
  [3, ended(3, 'src/n3-1.test.js', { failed: 2 })],
  [3.5, { kind: 'node-ended', node: 3, exitCode: 1, signal: null }],
  [4, { kind: 'node-ended', node: 4, exitCode: null, signal: 'SIGKILL' }],
];

const NOW = START + 5_000;

describe('liveLines', () => {
  test('one line a node with the file that runs longest, and one for all', () => {
    expect(liveLines(stateOf(FOUR, EVENTS), NOW, log)).toEqual([
      'node 1  running   ██░░░░░░░░  3/12   5.0 s            src/cart.test.js 3 s, +1',
      'node 2  starting  ░░░░░░░░░░  0/12   5.0 s',
      'node 3  failed    ░░░░░░░░░░  1/12   3.5 s  2 failed',
      'node 4  killed    ░░░░░░░░░░  0/12   4.0 s',
      '4 nodes: 4 of 48 files, 2 tests failed, 5.0 s, about 7 s left',
    ]);
  });

  test('a narrow terminal without block characters', () => {
    for (const line of liveLines(stateOf(FOUR, EVENTS), NOW, { ...asciiLog, columns: 40 }))
      expect(line.length).toBeLessThanOrEqual(40);
    expect(liveLines(stateOf(FOUR, EVENTS), NOW, { ...asciiLog, columns: 40 }).slice(1)).toEqual([
      'node 2  starting  0/12',
      'node 3  failed    1/12  2 failed',
      'node 4  killed    0/12',
      '4 nodes: 4 of 48 files, 2 tests failed,',
      '5.0 s, about 7 s left',
    ]);
  });

  test('a file that failed to run and that the queue sent on is not counted', () => {
    const queue = runOf([planned(null, 'a.test.js')], { isQueued: true, nodes: 1 });
    const broken: Timed[] = [
      [0, { kind: 'node-started', node: 1 }],
      [1, started(1, 'a.test.js')],
      [2, failed(1, 'a.test.js', null)],
    ];
    expect(liveLines(stateOf(queue, broken), NOW, log).at(-1)).toContain('1 file failed to run');
    const withdrawn: Timed = [2, { kind: 'file-withdrawn', node: 1, ...itemOf('a.test.js') }];
    expect(liveLines(stateOf(queue, [...broken, withdrawn]), NOW, log).at(-1)).not.toContain('failed to run');
  });

  test('nodes of a queue share one total, and their bars show their part of it', () => {
    const items = Array.from({ length: 12 }, (_, index) => planned(null, `${index}.test.js`));
    const queue = runOf(items, { isQueued: true, nodes: 2 });
    const state = stateOf(queue, [
      [0, { kind: 'node-started', node: 1 }],
      [0, { kind: 'node-started', node: 2 }],
      [0, { kind: 'node-ready', node: 1, files: null }],
      ...[0, 1, 2].map((name): Timed => [1, ended(1, `${name}.test.js`)]),
      [2, started(1, '3.test.js')],
    ]);
    expect(liveLines(state, NOW, log)).toEqual([
      'node 1  running   ██░░░░░░░░  3   5.0 s  3.test.js 3 s',
      'node 2  starting  ░░░░░░░░░░  0   5.0 s',
      '2 nodes: 3 of 12 files, 5.0 s, about 3 s left',
    ]);
  });

  test('a node that has nothing to run is done', () => {
    const state = stateOf(runOf([]), [
      [0, { kind: 'node-started', node: 1 }],
      [1, { kind: 'node-ready', node: 1, files: 0 }],
      [2, { kind: 'node-ended', node: 1, exitCode: 0, signal: null }],
      [2, { kind: 'run-ended' }],
    ]);
    expect(liveLines(state, NOW, log)).toEqual([
      'node 1  passed    ░░░░░░░░░░  0/0   2.0 s',
      '1 node: 0 of 0 files, 2.0 s',
    ]);
  });

  test.each([
    ['a screen', Number.POSITIVE_INFINITY, 10, 42],
    ['ten lines', 10, 8, 44],
    ['two lines', 2, 3, 49],
  ])('fifty nodes on %s fold: what went wrong and what is furthest behind stays', (_, rows, height, hidden) => {
    const fifty = Array.from({ length: 50 }, (__, index) => index + 1);
    const run = runOf(
      fifty.flatMap((node) => names(node, 12).map((name) => planned(node, name))),
      { unit: 'files' },
    );
    const state = stateOf(run, [
      ...fifty.map((node): Timed => [0, { kind: 'node-started', node }]),
      ...fifty.map((node): Timed => [0, { kind: 'node-ready', node, files: 12 }]),
      ...fifty.flatMap((node) =>
        names(node, node === 41 ? 0 : node <= 10 ? 12 : 4 + (node % 5)).map((name): Timed => [1, ended(node, name)]),
      ),
      ...fifty.slice(0, 10).map((node): Timed => [2, { kind: 'node-ended', node, exitCode: 0, signal: null }]),
      [2, { kind: 'node-ended', node: 31, exitCode: null, signal: 'SIGKILL' }],
    ]);
    const lines = liveLines(state, NOW, log, rows);
    expect(lines).toHaveLength(height);
    expect(lines.at(-2)).toBe(`and ${hidden} more nodes; of all: 39 running, 10 passed, 1 killed`);
    expect(lines.some((line) => line.startsWith('node 41  running'))).toBe(true);
    if (rows > 2) expect(lines.some((line) => line.startsWith('node 31  killed'))).toBe(true);
  });
});
