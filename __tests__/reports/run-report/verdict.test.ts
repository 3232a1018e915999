import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hasPassed, type NodeVerdict, type VerdictView } from '../../../src/reports/run-report/verdict';
import { verdictLines } from '../../../src/reports/run-report/verdict-lines';
import { log } from '../sample-plan';

const passed: NodeVerdict = {
  node: 1,
  state: 'passed',
  filesRun: 12,
  filesPlanned: 12,
  tests: 130,
  testsFailed: 0,
  durationMs: 42_100,
  plannedMs: 41_000,
  exitCode: 0,
  signal: null,
};
const failed: NodeVerdict = { ...passed, node: 2, state: 'failed', testsFailed: 2, exitCode: 1 };
const killed: NodeVerdict = { ...passed, node: 3, state: 'killed', filesRun: 6, exitCode: null, signal: 'SIGKILL' };

const view = (...nodes: NodeVerdict[]): VerdictView => ({ nodes, durationMs: 62_000, problems: [] });
const verdictOf = (seen: VerdictView, columns = 80) => verdictLines(seen, { ...log, columns }).at(-1);

describe('verdictLines', () => {
  test('a table of the nodes and one line', () => {
    expect(verdictLines(view(passed, { ...passed, node: 2, durationMs: 900 }), log)).toEqual([
      'node  files  tests  failed    time  planned  exit',
      '   1     12    130       0  42.1 s   41.0 s  0',
      '   2     12    130       0  900 ms   41.0 s  0',
      '',
      'passed: 24 files, 260 tests on 2 nodes in 1m 02s',
    ]);
  });

  test('a failed and a killed node, and files that did not run', () => {
    expect(verdictLines(view(passed, failed, killed), log)).toEqual([
      'node  files  tests  failed    time  planned  exit',
      '   1     12    130       0  42.1 s   41.0 s  0',
      '   2     12    130       2  42.1 s   41.0 s  1',
      '   3   6/12    130       0  42.1 s   41.0 s  SIGKILL',
      '',
      'FAILED: 6 files not run, 2 tests failed on 2 of 3 nodes (2, 3)',
    ]);
  });

  test('where there is room, what went wrong is said node by node', () => {
    expect(verdictOf(view(passed, failed, killed), 120)).toBe(
      'FAILED: node 2 has 2 failed tests; node 3 was killed by SIGKILL, did not run 6 files',
    );
    expect(verdictOf(view(passed, failed, killed), 60)).toBe('FAILED: 6 files not run, 2 tests failed on 2 of 3 nodes');
  });

  test('problems of the whole run come first', () => {
    expect(verdictOf({ ...view(passed), problems: ['interrupted'] })).toBe('FAILED: interrupted');
    expect(verdictOf({ ...view(failed), problems: ['interrupted'] })).toBe(
      'FAILED: interrupted; node 2 has 2 failed tests',
    );
  });

  test.each<[string, Partial<NodeVerdict>]>([
    ['did not run 1 file', { filesRun: 11 }],
    ['ran 1 file too many', { filesRun: 13 }],
    ['has 1 failed test', { testsFailed: 1 }],
    ['ended with exit code 3', { exitCode: 3 }],
    ['ended without an exit code', { exitCode: null }],
    ['was killed', { state: 'killed' }],
    ['failed', { state: 'failed' }],
  ])('never green: a node that %s', (text, difference) => {
    const seen = view({ ...passed, ...difference });
    expect(hasPassed(seen)).toBe(false);
    expect(verdictOf(seen)).toBe(`FAILED: node 1 ${text}`);
  });

  test('never green: no node at all', () => {
    expect(verdictOf(view())).toBe('FAILED: no node ran');
  });

  test('fifty nodes fold into those that went wrong and the slowest', () => {
    const nodes = Array.from({ length: 50 }, (_, index) => ({ ...passed, node: index + 1, durationMs: 1000 * index }));
    nodes[4] = { ...failed, node: 5 };
    const lines = verdictLines(view(...nodes), log);
    expect(lines.slice(1, 13).map((line) => Number.parseInt(line, 10))).toEqual([
      5, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50,
    ]);
    expect(lines.slice(13)).toEqual(['and 38 more nodes that passed', '', 'FAILED: node 5 has 2 failed tests']);
    const allFailed = verdictLines(view(...nodes.map((node) => ({ ...failed, node: node.node }))), log);
    expect(allFailed[13]).toBe('and 38 more nodes, 38 of them not passed');
  });

  test('property: the word is the judgement', () => {
    const node = fc.record({
      ...Object.fromEntries(Object.entries(passed).map(([name, value]) => [name, fc.constant(value)])),
      filesRun: fc.constantFrom(11, 12),
      testsFailed: fc.constantFrom(0, 1),
      exitCode: fc.constantFrom(0, 1, null),
    }) as fc.Arbitrary<NodeVerdict>;
    fc.assert(
      fc.property(fc.array(node, { maxLength: 3 }), (nodes) => {
        const seen = view(...nodes);
        expect(verdictOf(seen)).toMatch(hasPassed(seen) ? /^passed: / : /^FAILED: ./);
      }),
    );
  });
});
