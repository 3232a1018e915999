/** Verdicts from counts alone. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { classify } from '../../src/flaky/classify';
import { inBoth, neighboursOf } from '../../src/flaky/neighbours';
import { nextProbe } from '../../src/flaky/next-probe';
import { CONDITIONS, type Condition, type FileSpan, type ProbeSpec } from '../../src/flaky/probe';
import { weightedShuffle } from '../../src/flaky/shuffle';
import type { Count } from '../../src/flaky/statistics';
import type { Replay, TestTally } from '../../src/flaky/tally';

const VICTIM = 'b.test.js';

const of = (failures: number, runs: number): Count => ({ failures, runs });

const spec = (condition: Condition, more: Partial<ProbeSpec> = {}): ProbeSpec => ({
  ...{
    condition,
    files: condition === 'alone' || condition === 'load' ? [VICTIM] : ['a.test.js', VICTIM, 'c.test.js'],
  },
  ...{ workers: condition === 'beside' ? 4 : 1, randomizeSeed: condition === 'shuffled' ? 7 : null },
  ...{ load: condition === 'load' ? 8 : 0, tests: null, ...more },
});

function tallyOf(counts: Partial<Record<Condition, Count>>, more: Partial<TestTally> = {}): TestTally {
  const all = CONDITIONS.map((one) => [one, counts[one] ?? of(0, 0)] as const);
  const failed = all.filter(([, { failures }]) => failures > 0).map(([one]) => [one, spec(one)] as const);
  return {
    ...{ project: null, file: VICTIM, name: 'works', durationsMs: [], errors: [], replays: [], neighbours: [] },
    counts: Object.fromEntries(all) as TestTally['counts'],
    failing: Object.fromEntries(failed),
    ...more,
  };
}

const replay = (condition: Condition, failures: number, runs: number, more: Partial<Replay> = {}): Replay => ({
  ...{ spec: spec(condition, { files: [VICTIM, 'c.test.js'] }), isOwn: true, failures, runs, ...more },
});

const inquiry = { conditions: CONDITIONS, times: 20, workers: 4, load: 8 };

describe('classify', () => {
  test('the same rate alone and beside others is GENUINE, also where a busy machine is a little worse', () => {
    const counts = { alone: of(6, 20), sequence: of(5, 20), beside: of(9, 20), load: of(2, 3) };
    expect(classify(tallyOf(counts))).toMatchObject({ verdict: 'GENUINE', condition: 'alone', isSettled: true });
  });

  test('what never fails in one worker and fails beside others is CONTENTION, by the replay that shows it', () => {
    const counts = { alone: of(0, 3), sequence: of(0, 6), shuffled: of(0, 6), beside: of(2, 6) };
    expect(classify(tallyOf(counts))).toMatchObject({ verdict: 'UNDECIDED', rival: 'CONTENTION', isSettled: false });
    const shown = replay('beside', 3, 3);
    expect(classify(tallyOf(counts, { replays: [shown] }))).toMatchObject({
      ...{ verdict: 'CONTENTION', condition: 'beside', spec: shown.spec, isSettled: true },
    });
  });

  test('on a busy machine it fails alone too: only a much higher rate under load is CONTENTION', () => {
    const busy = (alone: Count) =>
      tallyOf(
        { alone, sequence: of(2, 6), beside: of(6, 6), load: of(1, 1) },
        {
          replays: [replay('load', 6, 6, { spec: spec('load') })],
        },
      );
    expect(classify(busy(of(2, 9)))).toMatchObject({ verdict: 'CONTENTION', condition: 'load' });
    expect(classify(busy(of(7, 9)))).toMatchObject({ verdict: 'GENUINE' });
  });

  test('what follows the order in one worker is ORDER-DEPENDENT, and not by runs of another time alone', () => {
    const counts = { alone: of(0, 12), sequence: of(10, 20) };
    expect(classify(tallyOf(counts)).verdict).toBe('UNDECIDED');
    expect(classify(tallyOf(counts, { replays: [replay('sequence', 0, 4)] })).verdict).toBe('UNDECIDED');
    expect(classify(tallyOf(counts, { replays: [replay('sequence', 4, 4)] })).verdict).toBe('ORDER-DEPENDENT');
  });

  test('what passes only after others needs them, what never passes is BROKEN', () => {
    expect(classify(tallyOf({ alone: of(12, 12), sequence: of(4, 12) })).verdict).toBe('ORDER-DEPENDENT');
    expect(classify(tallyOf({ alone: of(5, 5), sequence: of(12, 12) })).verdict).toBe('BROKEN');
    expect(classify(tallyOf({ alone: of(4, 4), sequence: of(11, 12) })).verdict).toBe('UNDECIDED');
  });

  test('UNDECIDED says how many passes alone would decide it, and with them it is decided', () => {
    const open = tallyOf({ alone: of(0, 2), sequence: of(0, 3), beside: of(3, 6) });
    const { verdict, runsNeeded } = classify(open);
    expect([verdict, runsNeeded]).toEqual(['UNDECIDED', expect.any(Number)]);
    const withRuns = (more: number) => tallyOf({ ...open.counts, alone: of(0, 2 + more) });
    expect(classify(withRuns(runsNeeded as number)).verdict).toBe('CONTENTION');
    expect(classify(withRuns((runsNeeded as number) - 1)).verdict).toBe('UNDECIDED');
  });

  test('a clean test has no verdict, whatever ran', () => {
    fc.assert(
      fc.property(fc.tuple(fc.nat(50), fc.nat(50), fc.nat(50), fc.nat(50)), ([alone, sequence, beside, load]) => {
        const counts = { alone: of(0, alone), sequence: of(0, sequence), beside: of(0, beside), load: of(0, load) };
        return classify(tallyOf(counts)).verdict === 'NOT-REPRODUCED' && nextProbe(tallyOf(counts), inquiry) === null;
      }),
    );
  });

  test('more passes alone never take CONTENTION away', () => {
    const some = fc.integer({ min: 3, max: 40 });
    fc.assert(
      fc.property(some, some, fc.nat(20), fc.nat(40), (alone, runs, failures, more) => {
        const at = (passes: number) => tallyOf({ alone: of(0, passes), beside: of(Math.min(failures, runs), runs) });
        return classify(at(alone)).verdict !== 'CONTENTION' || classify(at(alone + more)).verdict === 'CONTENTION';
      }),
    );
  });
});

describe('nextProbe', () => {
  test('a failure beside others: alone, then with only those that ran while it failed', () => {
    const counts = { sequence: of(0, 6), shuffled: of(0, 6), load: of(0, 1), beside: of(2, 6) };
    const neighbours = ['c.test.js', 'd.test.js'];
    expect(nextProbe(tallyOf(counts, { neighbours }), inquiry)).toMatchObject({ condition: 'alone', files: [VICTIM] });
    expect(nextProbe(tallyOf({ ...counts, alone: of(0, 1) }, { neighbours }), inquiry)).toMatchObject({
      ...{ condition: 'beside', files: [VICTIM, ...neighbours], workers: 3 },
    });
  });

  test('a failure after others: only with what ran before it, in its order', () => {
    const counts = { alone: of(0, 2), sequence: of(3, 6), shuffled: of(2, 6), load: of(1, 1), beside: of(1, 6) };
    expect(nextProbe(tallyOf(counts), inquiry)).toMatchObject({ condition: 'sequence', files: ['a.test.js', VICTIM] });
  });

  test('a failure in another order of its tests: alone with that seed', () => {
    const counts = { alone: of(0, 1), sequence: of(0, 6), shuffled: of(3, 6), load: of(0, 1), beside: of(0, 6) };
    expect(nextProbe(tallyOf(counts), inquiry)).toMatchObject({
      ...{ condition: 'shuffled', files: [VICTIM], randomizeSeed: 7 },
    });
  });

  test('a failure under load and beside others: under load first, which is in both', () => {
    const counts = { alone: of(0, 1), sequence: of(0, 6), shuffled: of(0, 6), load: of(1, 1), beside: of(4, 6) };
    expect(nextProbe(tallyOf(counts), inquiry)).toMatchObject({ condition: 'load', files: [VICTIM], load: 8 });
  });

  test('it comes to an end, whatever the probes show', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.boolean()), (stream) => {
        const counts: Record<Condition, Count> = {
          ...tallyOf({ sequence: of(1, 6), shuffled: of(0, 6), beside: of(2, 6) }).counts,
        };
        const replays = new Map<string, Replay>();
        for (let made = 0; made < 500; made++) {
          const next = nextProbe(tallyOf(counts, { replays: [...replays.values()] }), inquiry);
          if (next === null) return true;
          const failures = stream.next().value ? 1 : 0;
          if (next.condition === 'alone') {
            counts.alone = of(counts.alone.failures + failures, counts.alone.runs + 1);
            continue;
          }
          const key = JSON.stringify(next);
          const known = replays.get(key) ?? { spec: next, isOwn: true, failures: 0, runs: 0 };
          replays.set(key, { ...known, failures: known.failures + failures, runs: known.runs + 1 });
        }
        return false;
      }),
    );
  });
});

describe('who ran beside', () => {
  const span = (file: string, startMs: number, endMs: number): FileSpan => ({ file, startMs, endMs });

  test('those that ran while it did, the longest first', () => {
    const spans = [span('a', 0, 100), span('b', 90, 300), span('c', 100, 250), span('d', 300, 400), span('e', 0, 90)];
    expect(neighboursOf('b', spans)).toEqual(['c', 'a']);
    expect(neighboursOf('x', spans)).toEqual([]);
  });

  test('what two failures have in common', () => {
    expect(inBoth(['c', 'a', 'b'], ['a', 'c', 'd'])).toEqual(['c', 'a']);
    expect(inBoth(['c'], ['d'])).toEqual(['c']);
  });

  test('heavy items come first more often, and nothing is lost', () => {
    const items = ['long', 'short', 'shorter', 'shortest'];
    const weightOf = (item: string) => (item === 'long' ? 200 : 10);
    const orders = Array.from({ length: 500 }, (_, seed) => weightedShuffle(items, weightOf, seed));
    const first = orders.filter(([item]) => item === 'long').length / orders.length;
    // 200 of 230.
    expect(Math.abs(first - 0.87)).toBeLessThan(0.05);
    for (const order of orders) expect([...order].sort()).toEqual([...items].sort());
    expect(weightedShuffle(items, weightOf, 3)).toEqual(weightedShuffle(items, weightOf, 3));
  });
});
