import { describe, expect, test } from '@jest/globals';
import { isProgressDue, type ProgressEvent, progressEventLine } from '../../src/reports/progress-events';
import { type NodeProgress, progressLines } from '../../src/reports/progress-lines';
import { asciiLog, log } from './sample-plan';

const running: NodeProgress = {
  node: 1,
  state: 'running',
  filesDone: 3,
  filesTotal: 12,
  testsFailed: 0,
  currentFile: 'src/cart.test.js',
  elapsedMs: 4100,
};
const starting: NodeProgress = { ...running, node: 2, state: 'starting', filesDone: 0, filesTotal: null };
const failed: NodeProgress = { ...running, node: 3, state: 'failed', filesDone: 12, testsFailed: 2, elapsedMs: 9000 };
const killed: NodeProgress = { ...running, node: 4, state: 'killed', filesDone: 1, elapsedMs: 65_000 };

describe('progressLines', () => {
  test('one line a node and one for all', () => {
    expect(progressLines([running, starting, failed, killed], log)).toEqual([
      'node 1  running   ███░░░░░░░░░░   3/12   4.1 s            src/cart.test.js',
      'node 2  starting  ░░░░░░░░░░░░░    0/?   4.1 s',
      'node 3  failed    █████████████  12/12   9.0 s  2 failed',
      'node 4  killed    █░░░░░░░░░░░░   1/12  1m 05s',
      '4 nodes: 16 of at least 36 files, 2 tests failed, 1m 05s',
    ]);
  });

  test('a narrow terminal without block characters', () => {
    expect(progressLines([running, starting, failed, killed], { ...asciiLog, columns: 40 })).toEqual([
      'node 1  running    3/12            ...js',
      'node 2  starting    0/?',
      'node 3  failed    12/12  2 failed',
      'node 4  killed     1/12',
      '4 nodes: 16 of at least 36 files, 2',
      'tests failed, 1m 05s',
    ]);
  });

  test('nodes of a queue share one total, and their bars show their part of it', () => {
    const nodes = [running, starting].map((node) => ({ ...node, filesTotal: null }));
    expect(progressLines(nodes, log, { queuedFiles: 12 })).toEqual([
      'node 1  running   ███░░░░░░░░░░  3   4.1 s  src/cart.test.js',
      'node 2  starting  ░░░░░░░░░░░░░  0   4.1 s',
      '2 nodes: 3 of 12 files, 4.1 s',
    ]);
  });

  test('a node that has nothing to run is done', () => {
    const nothing: NodeProgress = { ...running, state: 'passed', filesDone: 0, filesTotal: 0, currentFile: null };
    expect(progressLines([nothing], log).at(-1)).toBe('1 node: 0 of 0 files, 4.1 s');
  });

  test('fifty nodes fold: what went wrong and what is furthest behind stays in sight', () => {
    const nodes = Array.from({ length: 50 }, (_, index): NodeProgress => {
      const node = { ...running, node: index + 1, filesDone: 4 + (index % 5) };
      if (index === 30) return { ...killed, node: 31 };
      if (index === 40) return { ...running, node: 41, filesDone: 0 };
      return index < 10 ? { ...node, state: 'passed', filesDone: 12 } : node;
    });
    const lines = progressLines(nodes, log);
    expect(lines).toHaveLength(10);
    expect(lines.some((line) => line.startsWith('node 31  killed'))).toBe(true);
    expect(lines.some((line) => line.startsWith('node 41  running'))).toBe(true);
    expect(lines.slice(-2)).toEqual([
      'and 42 more nodes; of all: 39 running, 10 passed, 1 killed',
      '50 nodes: 353 of 600 files, 1m 05s',
    ]);
  });
});

describe('progressEventLine', () => {
  test.each<[ProgressEvent, string]>([
    [{ kind: 'started', node: 1, nodes: 4, files: 12 }, 'node 1: started with 12 files'],
    [{ kind: 'started', node: 1, nodes: 4, files: null }, 'node 1: started'],
    [
      { kind: 'advanced', node: 1, filesDone: 5, filesTotal: 12, testsFailed: 1, elapsedMs: 12_345 },
      'node 1: 5 of 12 files, 1 test failed, 12.3 s',
    ],
    [
      {
        kind: 'finished',
        node: 1,
        state: 'passed',
        filesDone: 12,
        filesTotal: 12,
        testsFailed: 0,
        elapsedMs: 61_000,
        exitCode: 0,
        signal: null,
      },
      'node 1: passed: 12 of 12 files, 1m 01s',
    ],
    [
      {
        kind: 'finished',
        node: 2,
        state: 'failed',
        filesDone: 12,
        filesTotal: 12,
        testsFailed: 2,
        elapsedMs: 900,
        exitCode: 1,
        signal: null,
      },
      'node 2: failed with exit code 1: 12 of 12 files, 2 tests failed, 900 ms',
    ],
    [
      {
        kind: 'finished',
        node: 3,
        state: 'killed',
        filesDone: 1,
        filesTotal: null,
        testsFailed: 0,
        elapsedMs: 900,
        exitCode: null,
        signal: 'SIGKILL',
      },
      'node 3: killed by SIGKILL: 1 file, 900 ms',
    ],
  ])('%j', (event, line) => {
    expect(progressEventLine(event, log)).toBe(line);
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
