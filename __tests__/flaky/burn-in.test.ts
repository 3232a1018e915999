import { expect, test } from '@jest/globals';
import { burnIn } from '../../src/flaky/burn-in';
import type { ProbeResult, ProbeSpec } from '../../src/flaky/probe';

/** A clock that each probe moves on, by its file. */
function fake(durations: Readonly<Record<string, number>>, fails: (file: string, run: number) => boolean) {
  let nowMs = 1000;
  const runs = new Map<string, number>();
  const probe = async (spec: ProbeSpec): Promise<ProbeResult> => {
    const [file = ''] = spec.files;
    const run = (runs.get(file) ?? 0) + 1;
    runs.set(file, run);
    nowMs += durations[file] ?? 0;
    const outcome = fails(file, run) ? 'failed' : 'passed';
    return {
      spec,
      fault: null,
      spans: [],
      sights: [{ project: null, file, name: 'test', outcome, durationMs: 1, error: null }],
    };
  };
  return { runs, hooks: { probe, now: () => nowMs, isOver: () => false } };
}

test('the time is shared fairly: what is short runs more often', async () => {
  const { runs, hooks } = fake({ long: 400, short: 100 }, () => false);
  const outcome = await burnIn({ files: ['long', 'short'], budgetMs: 4000, most: 100 }, hooks);
  const { long = 0, short = 0 } = Object.fromEntries(runs);
  expect(outcome).toMatchObject({ flaky: [], unrun: [], runs: long + short });
  expect(short / long).toBeGreaterThan(3);
});

test('a file that is known to be flaky is not run on, and one that always fails is not flaky', async () => {
  const { runs, hooks } = fake({ flaky: 1, broken: 1 }, (file, run) => file === 'broken' || run === 4);
  const outcome = await burnIn({ files: ['flaky', 'broken'], budgetMs: 1e6, most: 20 }, hooks);
  expect(outcome.flaky.map(({ file }) => file)).toEqual(['flaky']);
  expect([runs.get('flaky'), runs.get('broken')]).toEqual([4, 20]);
});

test('files for which there was no time are named', async () => {
  const { hooks } = fake({ a: 500, b: 500, c: 500 }, () => false);
  expect(await burnIn({ files: ['a', 'b', 'c'], budgetMs: 800, most: 9 }, hooks)).toMatchObject({
    unrun: ['c'],
    runs: 2,
  });
});

test('files that ran once, and files of which no test ran, are named', async () => {
  const { hooks } = fake({ a: 500, b: 500 }, () => false);
  expect(await burnIn({ files: ['a', 'b'], budgetMs: 1200, most: 9 }, hooks)).toMatchObject({
    once: ['b'],
    testless: [],
  });
  const probe = async (spec: ProbeSpec): Promise<ProbeResult> => ({ spec, fault: null, spans: [], sights: [] });
  const nothing = await burnIn({ files: ['a'], budgetMs: 1, most: 2 }, { ...hooks, probe });
  expect(nothing).toMatchObject({ testless: ['a'], flaky: [] });
});
