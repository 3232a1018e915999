import { describe, expect, test } from '@jest/globals';
import { type Execution, sequencesOf, surroundingsOf } from '../../src/flaky/order';
import { beforeText, besideText } from '../../src/reports/plan/order-text';

const ran = (name: string, startMs: number, endMs: number, more: Partial<Execution> = {}): Execution => ({
  ...{ file: { project: null, path: `${name}.test.js` }, parts: null, host: 'ada', node: 1, worker: 1, process: 1 },
  ...{ startMs, endMs, hasFailed: false, ...more },
});

const a = ran('a', 0, 10);
const b = ran('b', 10, 30);
const c = ran('c', 30, 40);
const beside = ran('beside', 12, 14, { worker: 2 });
const elsewhere = ran('elsewhere', 12, 14, { host: 'bob', node: 2 });
const otherNode = ran('other-node', 29, 50, { node: 2 });
const all = [otherNode, c, beside, a, elsewhere, b];

describe('surroundingsOf', () => {
  test('what ran before in the same process, and beside on the same host', () => {
    expect(surroundingsOf(b, all)).toEqual({ before: [a], beside: [beside, otherNode] });
    expect(surroundingsOf(a, all)).toEqual({ before: [], beside: [] });
    expect(surroundingsOf(otherNode, all)).toEqual({ before: [], beside: [b, c] });
  });

  test('a worker that was started anew knows nothing of what ran before', () => {
    const anew = ran('d', 40, 50, { process: 2 });
    expect(surroundingsOf(anew, [...all, anew]).before).toEqual([]);
  });

  test('without a known worker nothing is said of what ran before', () => {
    const unknown = ran('d', 40, 50, { worker: null, process: null });
    expect(surroundingsOf(unknown, [...all, unknown])).toEqual({ before: null, beside: [otherNode] });
  });
});

test('each process with its files, in the order in which they ran', () => {
  expect(sequencesOf([...all, ran('x', 1, 2, { worker: null })])).toEqual([
    [a, b, c],
    [beside],
    [elsewhere],
    [otherNode],
  ]);
});

test('in words', () => {
  const around = surroundingsOf(c, all);
  expect(beforeText(around)).toBe('after a.test.js, b.test.js in the same worker');
  expect(besideText(around)).toBe('beside other-node.test.js');
  expect(beforeText({ before: [], beside: [] })).toBe('first in its worker');
  expect(besideText({ before: [], beside: [] })).toBe('nothing ran beside it on its host');
  const many = Array.from({ length: 9 }, (_, index) => ran(String(index), index, index + 1));
  expect(beforeText({ before: many, beside: [] })).toBe(
    'after 3 others and 3.test.js, 4.test.js, 5.test.js, 6.test.js, 7.test.js, 8.test.js in the same worker',
  );
});
