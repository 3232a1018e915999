import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Plan } from '../../src/plan/plan';
import { sortForClaims, unpinLong } from '../../src/queue/claim-order';
import { planDifference } from '../../src/queue/plan-difference';
import { changesDigest, inputsDigest, NOT_COMPARED, planEntries } from '../../src/queue/plan-entries';
import { aheadCount, NO_PACE, type Pace, paceAfter, predictMs } from '../../src/queue/prefetch-size';
import { resultDetail } from '../../src/queue/result-detail';
import { entriesOf, joinRequest } from '../contracts/queue';

describe('the order of a run', () => {
  test('is longest first, and the same whatever order the files were found in', () => {
    const entries = fc.uniqueArray(fc.record({ path: fc.string(), ms: fc.integer({ min: 1, max: 5 }) }), {
      selector: ({ path }) => path,
    });
    fc.assert(
      fc.property(entries, (inits) => {
        const ranked = sortForClaims(entriesOf(inits));
        expect(sortForClaims(entriesOf([...inits].reverse()))).toEqual(ranked);
        const times = ranked.map(({ estimate }) => estimate);
        expect(times).toEqual([...times].sort((a, b) => b - a));
      }),
    );
  });

  test('heavy items have no home, light ones keep theirs', () => {
    const entries = entriesOf([
      { path: 'heavy', ms: 900, home: 1 },
      ...Array(10).fill({ path: 'light', ms: 10, home: 2 }),
    ]);
    expect(unpinLong(entries, 2).map(({ home }) => home)).toEqual([null, ...Array(10).fill(2)]);
  });

  test('comes from a plan with every item of every node', () => {
    const item = (file: string, estimate: number, part: string | null = null) => ({
      ...{ file, project: 'p', part, estimate },
      reason: 'home' as const,
    });
    const many = Array.from({ length: 60 }, (_, index) => item(`f${index}`, 10));
    const plan = {
      unit: 'ms',
      nodes: [
        { node: 1, load: 0, items: [item('a', 500.4, 'x'), ...many] },
        { node: 2, load: 0, items: [item('b', 0)] },
      ],
    };
    const entries = planEntries(plan as unknown as Plan);
    expect(entries).toHaveLength(62);
    expect(entries[0]).toEqual({ file: { project: 'p', path: 'a' }, part: 'x', estimate: 500, home: null });
    expect(entries.at(-1)).toEqual({ file: { project: 'p', path: 'b' }, part: null, estimate: 1, home: 2 });
  });
});

describe('claiming ahead', () => {
  test('is for short files and slow claims only', () => {
    expect(aheadCount({ workers: 4, nextMs: null, claimMs: 5 })).toBe(0);
    expect(aheadCount({ workers: 4, nextMs: 10_000, claimMs: 30 })).toBe(0);
    expect(aheadCount({ workers: 4, nextMs: 100, claimMs: 30 })).toBe(16);
    expect(aheadCount({ workers: 4, nextMs: 500, claimMs: 30 })).toBe(1);
    expect(aheadCount({ workers: 2, nextMs: 30, claimMs: 1 })).toBe(26);
    expect(aheadCount({ workers: 64, nextMs: 1, claimMs: 300 })).toBe(50);
  });

  test('believes what files took, not what was expected of them in whatever unit', () => {
    const paceOf = (...runs: Pace[]) => runs.reduce(paceAfter, NO_PACE);
    expect(predictMs(1, NO_PACE)).toBeNull();
    expect(predictMs(null, paceOf({ estimate: 1, tookMs: 500 }))).toBeNull();
    // No history: all weigh the same, and take half a second.
    expect(predictMs(1, paceOf({ estimate: 1, tookMs: 400 }, { estimate: 1, tookMs: 600 }))).toBeCloseTo(511, 0);
    // Sizes in bytes.
    expect(predictMs(70, paceOf({ estimate: 80, tookMs: 1600 }))).toBe(1400);
    // Durations, on a machine that is half as fast.
    expect(predictMs(100, paceOf({ estimate: 200, tookMs: 400 }))).toBe(200);
  });
});

describe('a plan that differs', () => {
  const error = (mine: Parameters<typeof joinRequest>[0], entries: Parameters<typeof entriesOf>[0]) =>
    planDifference(joinRequest(mine), {
      digest: 'd0',
      inputs: { ...NOT_COMPARED, settings: { nodes: 2, b: { x: 1, y: 2 } } },
      entries: entriesOf(entries),
      node: null,
    });

  test('names five files and counts the others', () => {
    const { message } = error({ runId: 'b', entries: entriesOf(['a', 'b', 'c', 'd', 'e', 'f', 'g']) }, []);
    expect(message).toContain('only this node found a, b, c, d, e and 2 more;');
  });

  test('of another commit or other files is another run; with other settings it need not be', () => {
    const remedyOf = (settings: { readonly [name: string]: string | number }, files: readonly string[]) =>
      error({ runId: 'b', entries: entriesOf([...files]), inputs: { ...NOT_COMPARED, settings } }, ['a']).remedy;
    const ownRunId = /^Give every run a --run-id \(JEST_DISTRIBUTED_RUN_ID\) of its own/;
    expect(remedyOf({ nodes: 2, commit: 'c2' }, ['a'])).toMatch(ownRunId);
    expect(remedyOf({ nodes: 2 }, ['a', 'b'])).toMatch(ownRunId);
    expect(remedyOf({ nodes: 2 }, [])).toMatch(ownRunId);
    expect(remedyOf({ nodes: 3 }, ['a'])).toMatch(/^All nodes of a run must run with the same settings/);
  });

  test('tells equal files of different inputs, and does not stumble over the order of keys', () => {
    const { message } = error(
      {
        runId: 'b',
        entries: entriesOf(['a']),
        inputs: { ...NOT_COMPARED, settings: { b: { y: 2, x: 1 }, pattern: 'foo' } },
      },
      ['a'],
    );
    expect(message).toContain('nodes is absent here and 2 there; pattern is "foo" here and absent there.');
    const same = error(
      { runId: 'b', entries: entriesOf(['a']), inputs: { ...NOT_COMPARED, settings: { nodes: 2, b: { y: 2, x: 1 } } } },
      ['a'],
    );
    expect(same.message).toContain('the files are the same, the estimates or settings are not');
  });
});

test('the digest of a run holds plan, commit, contents and config, in no order of keys', () => {
  const plan = { digest: 'p' } as Plan;
  const digestOf = (tree: string | null, held: Partial<typeof NOT_COMPARED>) =>
    inputsDigest(plan, tree, { ...NOT_COMPARED, ...held });
  const all = [
    digestOf(null, {}),
    digestOf('t', {}),
    digestOf('t', { contents: 'a' }),
    digestOf('t', { contents: 'b' }),
    digestOf('t', { contents: 'b', configs: { x: '1', y: '2' } }),
  ];
  expect(new Set(all).size).toBe(5);
  expect(digestOf('t', { contents: 'b', configs: { y: '2', x: '1' } })).toBe(all[4]);
  expect(digestOf('t', { contents: 'b', changed: { 'src/a.js': '1' } })).toBe(all[3]);
  expect(changesDigest({ b: '2', a: '1' })).toBe(changesDigest({ a: '1', b: '2' }));
  expect(changesDigest({ a: '2' })).not.toBe(changesDigest({ a: '1' }));
});

test('the detail of a result is small', () => {
  const testResults = [
    { fullName: 'a b', status: 'passed', duration: 1.4 },
    { fullName: 'c', status: 'pending', duration: null },
  ];
  expect(resultDetail({ testResults, failureMessage: 'x'.repeat(9000) })).toEqual({
    tests: [
      { name: 'a b', status: 'passed', durationMs: 1 },
      { name: 'c', status: 'pending', durationMs: null },
    ],
    failure: 'x'.repeat(4000),
  });
});

test('the detail of a result names errors of failed tests, and those of tries before the last', () => {
  const testResults = [
    { fullName: '/repo adds', status: 'passed', duration: 1 },
    { fullName: 'pays', status: 'failed', duration: 2, failureMessages: [`at /repo ${'x'.repeat(2000)}`, 'second'] },
  ];
  const toPortable = (text: string) => text.replaceAll('/repo', '<root>');
  const earlier = new Map([
    [
      0,
      [
        { messages: ['Error: once'], durationMs: 3.3 },
        { messages: [], durationMs: null },
      ],
    ],
  ]);
  expect(resultDetail({ testResults, failureMessage: 'at /repo' }, toPortable, earlier)).toEqual({
    tests: [
      {
        ...{ name: '<root> adds', status: 'passed', durationMs: 1 },
        tries: [
          { error: 'Error: once', durationMs: 3 },
          { error: null, durationMs: null },
        ],
      },
      { name: 'pays', status: 'failed', durationMs: 2, error: `at <root> ${'x'.repeat(990)}` },
    ],
    failure: 'at <root>',
    retriedTests: 1,
  });
});
