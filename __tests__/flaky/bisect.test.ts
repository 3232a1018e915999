/** Searches for causes that are known. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type BisectOutcome, type BisectPlan, BisectStopped, bisect } from '../../src/flaky/bisect';
import { neighboursOf } from '../../src/flaky/neighbours';
import type { ProbeResult, ProbeSpec, TestSight } from '../../src/flaky/probe';
import { randomOf, shuffle } from '../../src/flaky/shuffle';

type Model = (spec: ProbeSpec, ran: readonly string[]) => boolean;

const VICTIM = 'victim.test.js';
const names = ['one', 'two', 'three', 'four', 'five', 'six'];

/** Runs the tests of each file in the order that its seed gives, those alone that are named. */
function probeOf(fails: Model) {
  return async (spec: ProbeSpec): Promise<ProbeResult> => {
    const order = spec.randomizeSeed === null ? names : shuffle(names, spec.randomizeSeed);
    const ran = order.filter((name) => spec.tests === null || spec.tests.includes(name));
    const sights = ran.map((name, index): TestSight => {
      const hasFailed = name === 'three' && fails(spec, ran.slice(0, index));
      return {
        project: null,
        file: VICTIM,
        name,
        outcome: hasFailed ? 'failed' : 'passed',
        durationMs: 1,
        error: null,
      };
    });
    return { spec, sights, spans: [], fault: null };
  };
}

const plan = (more: Partial<BisectPlan> = {}): BisectPlan => ({
  ...{ victim: { file: VICTIM, name: 'three' }, before: [], beside: [], randomizeSeed: null },
  ...{ seed: 1, workers: 4, attempts: 10, ...more },
});

const run = (fails: Model, more: Partial<BisectPlan> = {}): Promise<BisectOutcome> =>
  bisect(plan(more), { probe: probeOf(fails), isOver: () => false });

const filesOf = (count: number) => Array.from({ length: count }, (_, index) => `${index}.test.js`);

describe('bisect', () => {
  test('names the file before it, with at most 2·log2(n) + 10 runs', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 300 }).chain((count) => fc.tuple(fc.constant(count), fc.nat({ max: count - 1 }))),
        async ([count, culprit]) => {
          const polluter = `${culprit}.test.js`;
          const outcome = await run(({ files }) => files.includes(polluter), { before: filesOf(count) });
          expect(outcome).toMatchObject({ kind: 'files-before', culprits: [polluter], repeats: 1 });
          expect(outcome.spec?.files).toEqual([polluter, VICTIM]);
          expect(outcome.probes).toBeLessThanOrEqual(2 * Math.log2(count) + 10);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('names the file that it needs', async () => {
    const outcome = await run(({ files }) => !files.includes('7.test.js'), { before: filesOf(20) });
    expect(outcome).toMatchObject({ kind: 'needs-files', culprits: ['7.test.js'] });
  });

  test('without a name it takes the one test that fails, and asks where several do', async () => {
    const unnamed = { victim: { file: VICTIM, name: null } };
    const one = await run((_, ran) => ran.includes('two'), unnamed);
    expect(one).toMatchObject({ kind: 'tests', victim: { name: 'three' }, culprits: ['two'] });
    const probe = async (spec: ProbeSpec): Promise<ProbeResult> => {
      const { sights } = await probeOf(() => true)(spec);
      return { spec, fault: null, spans: [], sights: sights.map((sight) => ({ ...sight, outcome: 'failed' })) };
    };
    const several = await bisect(plan(unnamed), { probe, isOver: () => false });
    expect(several).toMatchObject({ kind: 'several-tests', culprits: names, probes: 1 });
  });

  test('a name that no test has ends the search after its first run', async () => {
    const outcome = await run(() => true, { victim: { file: VICTIM, name: 'thre' } });
    expect(outcome).toMatchObject({ kind: 'unknown-test', culprits: names, spec: null, probes: 1 });
  });

  test('names a test before it in its file, and a test that fails by itself', async () => {
    const outcome = await run((_, ran) => ran.includes('two'));
    expect(outcome).toMatchObject({ kind: 'tests', culprits: ['two'], repeats: 1 });
    expect(outcome.spec?.tests).toEqual(['two', 'three']);
    expect(outcome.probes).toBeLessThanOrEqual(2 * Math.log2(5) + 10);
    expect(await run(() => true)).toMatchObject({ kind: 'itself', culprits: [] });
  });

  test('finds an order of its tests in which it fails, or takes the one that is given', async () => {
    const fails: Model = (_, ran) => ran.includes('five');
    const found = await run(fails);
    expect(found).toMatchObject({ kind: 'tests', culprits: ['five'] });
    const { randomizeSeed } = found.spec as ProbeSpec;
    expect(randomizeSeed).not.toBeNull();
    const given = await run(fails, { randomizeSeed });
    expect(given).toMatchObject({ kind: 'tests', culprits: ['five'], spec: { randomizeSeed } });
    expect(given.probes).toBeLessThanOrEqual(2 * Math.log2(5) + 10);
    // Nobody said which test fails.
    const victim = { file: VICTIM, name: null };
    for (const more of [{ victim }, { victim, randomizeSeed }]) {
      expect(await run(fails, more)).toMatchObject({ kind: 'tests', victim: { name: 'three' }, culprits: ['five'] });
    }
  });

  test('names the file beside it, and asks several times where it fails at times', async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const random = randomOf(seed);
      const isBeside: Model = ({ files, workers }) => workers > 1 && files.includes('3.test.js') && random() < 0.7;
      const outcome = await run(isBeside, { beside: filesOf(8) });
      expect(outcome).toMatchObject({ kind: 'files-beside', culprits: ['3.test.js'] });
      expect(outcome.spec).toMatchObject({ condition: 'beside', files: [VICTIM, '3.test.js'], workers: 2 });
    }
    const random = randomOf(9);
    const left = await run((_, ran) => ran.includes('one') && random() < 0.6);
    expect(left).toMatchObject({ kind: 'tests', culprits: ['one'] });
    expect(left.repeats).toBeGreaterThan(1);
  });

  test('names the file that really ran while it failed, with at most 2·log2(n) + 10 runs in 19 of 20 searches', async () => {
    const seeds = Array.from({ length: 200 }, (_, index) => index * 131 + 1);
    let within = 0;
    for (const seed of seeds) {
      const random = randomOf(seed);
      const beside = filesOf(4 + (seed % 13));
      const culprit = beside[seed % beside.length] as string;
      const probe = async (spec: ProbeSpec): Promise<ProbeResult> => {
        // Each worker takes the next file; the two that meet run longer than the others.
        const free = Array.from({ length: spec.workers }, () => random() * 40);
        const spans = spec.files.map((file) => {
          const startMs = Math.min(...free);
          const endMs = startMs + (file === VICTIM || file === culprit ? 200 : 30) + random() * 20;
          free[free.indexOf(startMs)] = endMs;
          return { file, startMs, endMs };
        });
        const hasFailed = neighboursOf(VICTIM, spans).includes(culprit) && random() < 0.95;
        const outcome = hasFailed ? 'failed' : 'passed';
        return {
          ...{ spec, spans, fault: null },
          sights: [{ project: null, file: VICTIM, name: 'three', outcome, durationMs: 1, error: null }],
        };
      };
      const outcome = await bisect(plan({ beside, seed }), { probe, isOver: () => false });
      const isRight = outcome.kind === 'files-beside' && outcome.culprits.join() === culprit;
      if (isRight && outcome.probes <= 2 * Math.log2(beside.length) + 10) within += 1;
    }
    expect(within / seeds.length).toBeGreaterThanOrEqual(0.95);
  });

  test('what never fails is not reproduced; it stops when it is told to', async () => {
    expect(await run(() => false, { before: filesOf(3), beside: ['x'] })).toMatchObject({
      kind: 'not-reproduced',
      spec: null,
    });
    let left = 3;
    const hooks = { probe: probeOf(() => false), isOver: () => left-- <= 0 };
    await expect(bisect(plan(), hooks)).rejects.toThrow(BisectStopped);
  });
});
