/** Campaigns over tests whose kind is known, with seeds that nobody chose. */
import { describe, expect, test } from '@jest/globals';
import { type CampaignPlan, runCampaign } from '../../src/flaky/campaign';
import type { FlakyVerdict } from '../../src/flaky/classify';
import { neighboursOf } from '../../src/flaky/neighbours';
import { CONDITIONS, type FileSpan, type ProbeResult, type ProbeSpec, type TestSight } from '../../src/flaky/probe';
import { randomOf } from '../../src/flaky/shuffle';

/** When a test fails, by what runs in the probe, before it and beside it. */
type Model = (spec: ProbeSpec, random: () => number, beside: readonly string[]) => boolean;

const before = (spec: ProbeSpec, polluter: string, file: string): boolean =>
  spec.files.includes(polluter) && spec.files.indexOf(polluter) < spec.files.indexOf(file);

const isBusy = ({ load, workers }: ProbeSpec): boolean => load > 0 || workers > 1;

const zoo: Readonly<Record<string, readonly [FlakyVerdict, Model]>> = {
  race: ['GENUINE', (_, random) => random() < 0.3],
  often: ['GENUINE', (_, random) => random() < 0.8],
  rare: ['GENUINE', (_, random) => random() < 0.12],
  broken: ['BROKEN', () => true],
  inside: ['ORDER-DEPENDENT', ({ randomizeSeed }) => randomizeSeed !== null && randomizeSeed % 3 === 0],
  after: ['ORDER-DEPENDENT', (spec) => before(spec, 'polluter', 'after') && spec.workers === 1],
  // With several workers it may be in the same one, or not.
  anywhere: [
    'ORDER-DEPENDENT',
    (spec, random) => before(spec, 'polluter', 'anywhere') && (spec.workers === 1 || random() < 0.4),
  ],
  needs: ['ORDER-DEPENDENT', (spec) => !before(spec, 'helper', 'needs')],
  // Two that meet, and one that meets whoever else.
  'port-a': ['CONTENTION', (_, random, beside) => beside.includes('port-b') && random() < 0.9],
  'port-b': ['CONTENTION', (_, random, beside) => beside.includes('port-a') && random() < 0.9],
  seldom: ['CONTENTION', (spec, random) => spec.workers > 1 && spec.files.length > 1 && random() < 0.3],
  load: ['CONTENTION', ({ load }, random) => load > 0 && random() < 0.9],
  // On a machine that is busy with other things it fails alone too, at times.
  deadline: ['CONTENTION', (spec, random) => random() < (isBusy(spec) ? 0.95 : 0.15)],
};

const clean = ['polluter', 'helper', 'clean', 'other', 'fifth', 'sixth', 'seventh'];
const files = [...Object.keys(zoo), ...clean];

const durationOf = (file: string): number => (file.startsWith('port') ? 200 : 20);

/** Each worker takes the next file. */
function spansOf({ files: order, workers }: ProbeSpec, random: () => number): FileSpan[] {
  const free = Array.from({ length: workers }, () => random() * 50);
  return order.map((file) => {
    const startMs = Math.min(...free);
    const endMs = startMs + durationOf(file) + random() * 40;
    free[free.indexOf(startMs)] = endMs;
    return { file, startMs, endMs };
  });
}

function fakeProbe(seed: number) {
  const random = randomOf(seed);
  return async (spec: ProbeSpec): Promise<ProbeResult> => {
    const spans = spansOf(spec, random);
    const sights = spec.files.map((file): TestSight => {
      const hasFailed = zoo[file]?.[1](spec, random, neighboursOf(file, spans)) ?? false;
      const error = hasFailed ? `Error: ${file} ${Math.floor(random() * 1e6)}` : null;
      return { project: null, file, name: 'is right', outcome: hasFailed ? 'failed' : 'passed', durationMs: 5, error };
    });
    return { spec, sights, spans, fault: null };
  };
}

const plan = (targets: readonly string[], context: readonly string[], seed: number, times = 20): CampaignPlan => ({
  ...{ targets, context, times, isEndless: false, conditions: CONDITIONS, seed, workers: 4, load: 2, tests: null },
});

const campaign = (targets: readonly string[], context: readonly string[], seed: number, times = 20) =>
  runCampaign(plan(targets, context, seed, times), { probe: fakeProbe(seed + 99), isOver: () => false });

describe('a campaign over all files', () => {
  const seeds = Array.from({ length: 60 }, (_, index) => index * 7717 + 3);

  test('names the kind of each in at least 19 of 20 campaigns, and never a clean test', async () => {
    const right = new Map(Object.keys(zoo).map((name) => [name, 0]));
    for (const seed of seeds) {
      const { flaky, clean: passed } = await campaign(files, files, seed);
      const verdicts = new Map(flaky.map(({ tally, classification }) => [tally.file, classification.verdict]));
      for (const name of clean) expect(verdicts.get(name)).toBeUndefined();
      for (const [name, [verdict]] of Object.entries(zoo)) {
        if (verdicts.get(name) === verdict) right.set(name, (right.get(name) ?? 0) + 1);
      }
      expect(passed).toBeGreaterThanOrEqual(clean.length);
    }
    const wrong = [...right].filter(([, count]) => count / seeds.length < 0.95);
    expect(wrong).toEqual([]);
  });

  test('one file alone has no order of files', async () => {
    const { flaky } = await campaign(['inside'], ['inside'], 5);
    expect(flaky.map(({ classification }) => classification)).toMatchObject([
      { verdict: 'ORDER-DEPENDENT', condition: 'shuffled', spec: { files: ['inside'] } },
    ]);
    expect((await campaign(['clean'], ['clean'], 5)).flaky).toEqual([]);
  });

  test('alone is no condition of files together: each of them runs', async () => {
    const only = { ...plan(files, files, 5), conditions: ['alone'] as const, times: 2 };
    const outcome = await runCampaign(only, { probe: fakeProbe(5), isOver: () => false });
    expect(outcome.flaky.map(({ tally }) => tally.file)).toContain('broken');
    expect(outcome.flaky.length + outcome.clean).toBe(files.length);
  });

  test('what never ran alone is of no known kind', async () => {
    const only = { ...plan(files, files, 5), conditions: ['sequence'] as const };
    const { flaky } = await runCampaign(only, { probe: fakeProbe(5), isOver: () => false });
    expect(new Set(flaky.map(({ classification }) => classification.verdict))).toEqual(new Set(['NOT-COMPARED']));
  });

  test('nothing ran', async () => {
    const probe = async (spec: ProbeSpec): Promise<ProbeResult> => ({ spec, fault: null, spans: [], sights: [] });
    const outcome = await runCampaign(plan(files, files, 5), { probe, isOver: () => false });
    expect([outcome.flaky, outcome.clean]).toEqual([[], 0]);
  });

  test('without end, it ends where there is nothing to run', async () => {
    const endless = { ...plan([], [], 5), isEndless: true };
    expect((await runCampaign(endless, { probe: fakeProbe(5), isOver: () => false })).probes).toBe(0);
  });

  test('errors are grouped without what differs between runs', async () => {
    const { flaky } = await campaign(['race'], ['race'], 5);
    expect(flaky[0]?.tally.errors).toHaveLength(1);
    expect(flaky[0]?.tally.errors[0]?.count).toBeGreaterThan(1);
  });

  test('it ends when the time is over', async () => {
    let left = 7;
    const hooks = { probe: fakeProbe(1), isOver: () => left-- <= 0 };
    expect((await runCampaign(plan(files, files, 1), hooks)).probes).toBe(7);
  });
});
