import { describe, expect, test } from '@jest/globals';
import type { PlacementReason } from '../../../src/plan/strategies/strategy';
import { type EstimateSource, type ExplainView, explainLines } from '../../../src/reports/plan/explain-lines';
import { asciiLog, log } from '../sample-plan';

const overflow: ExplainView = {
  project: 'web',
  file: 'src/cart.test.js',
  part: null,
  key: 'web\0src/cart.test.js',
  hash: 0x0f86d081,
  strategy: 'bounded-ring',
  reason: 'overflow',
  home: 2,
  node: 3,
  nodes: 4,
  workers: 2,
  estimate: 4200,
  unit: 'ms',
  estimateSource: 'recorded',
  nodeLoad: 42_100,
  largestLoad: 42_300,
  whole: null,
  previousNode: null,
  lastRun: null,
};

describe('explainLines', () => {
  test('where a file goes and why', () => {
    expect(explainLines(overflow, log)).toEqual([
      'web › src/cart.test.js',
      '  node      3 of 4 (bounded-ring)',
      '  why       overflow: home node 2 is full, so it is on node 3',
      '  key       web: src/cart.test.js',
      '  hash      0x0f86d081 on the ring, where node 2 is home',
      '  estimate  4.2 s, from its recorded durations',
      '  load      node 3 has 42.1 s; the largest load is 42.3 s',
      '  worker    one of n3w1 to n3w2; its slot is one of its host',
      '  before    there is no earlier assignment',
    ]);
  });

  test('a part, on the node with the largest load, that was elsewhere before', () => {
    const lines = explainLines(
      {
        ...overflow,
        project: null,
        part: 'checkout',
        key: 'src/cart.test.js\0\0checkout',
        reason: 'rebalanced',
        nodeLoad: 42_300,
        previousNode: 1,
      },
      asciiLog,
    );
    expect(lines[0]).toBe('src/cart.test.js > checkout');
    expect(lines).toContain('  load      node 3 has 42.3 s, the largest load');
    expect(lines).toContain('  before    node 1');
    expect(lines).toContain('  key       src/cart.test.js > checkout');
  });

  test.each<[PlacementReason, string]>([
    ['home', 'home: its point on the ring belongs to this node'],
    ['sticky', 'sticky: it stays on the node of the last assignment'],
    ['new', 'new: it is not in the last assignment, so it is on the node with the least load'],
    ['rebalanced', 'rebalanced: moved here from node 1 because that lowers the longest load'],
  ])('why: %s', (reason, text) => {
    const lines = explainLines({ ...overflow, reason, previousNode: 1 }, { ...log, columns: 120 });
    expect(lines[2]).toBe(`  why       ${text}`);
  });

  test('why it is whole, where other files like it would be split', () => {
    const whole = 'never split by "auto": its project has the runner own.js, which may not run parts of a file';
    expect(explainLines({ ...overflow, whole }, { ...log, columns: 120 })).toContain(`  whole     ${whole}`);
    expect(explainLines(overflow, log).join('\n')).not.toContain('whole');
  });

  test.each<[EstimateSource, string]>([
    ['median', '4.2 s, the median of the recorded files, as it has no timings'],
    ['size', '4.2 s, its size and the median size, as there are no timings'],
    ['count', '4.2 s, as there are no timings: every file counts 1'],
  ])('estimate: %s', (estimateSource, text) => {
    expect(explainLines({ ...overflow, estimateSource }, log)[5]).toBe(`  estimate  ${text}`);
  });
});
