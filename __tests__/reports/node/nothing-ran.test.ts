import { describe, expect, test } from '@jest/globals';
import { nothingRanText } from '../../../src/reports/node/nothing-ran';
import type { NodeVerdict } from '../../../src/reports/run-report/verdict';

const node = (number: number, change: Partial<NodeVerdict>): NodeVerdict => ({
  node: number,
  state: 'failed',
  filesRun: 0,
  filesPlanned: 2,
  tests: 0,
  testsFailed: 0,
  durationMs: 10,
  plannedMs: null,
  exitCode: 1,
  signal: null,
  ...change,
});

describe('nothingRanText', () => {
  test('nodes that ended alike share a clause', () => {
    expect(nothingRanText([node(1, {}), node(2, {})])).toBe(
      'No node ran a file: nodes 1 and 2 ended with exit code 1 before their first file.',
    );
  });

  test('a signal is named', () => {
    expect(nothingRanText([node(1, {}), node(2, { state: 'killed', exitCode: null, signal: 'SIGKILL' })])).toBe(
      'No node ran a file: node 1 ended with exit code 1 before its first file; node 2 was killed by SIGKILL before its first file.',
    );
  });
});
