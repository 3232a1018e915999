/**
 * A campaign: which probes are made, in which order, to find out which tests are flaky and of what kind.
 *
 * Files together first, in orders and beside each other as a suite has them; whoever fails there runs alone, with its
 * tests shuffled, and under load. What failed only with others is made again as it was, and compared with how it does
 * alone.
 */
import { type Classification, chanceOf, classify, type Replays, SIGNIFICANT } from './classify';
import { type Condition, type ProbedTest, type ProbeResult, type ProbeSpec, testKey } from './probe';
import { orderOf, seedOf } from './shuffle';
import { createTally, type TestTally, totalOf } from './tally';

export interface CampaignPlan {
  /** Files that are asked about, as paths from the working directory. */
  readonly targets: readonly string[];
  /** Files that run with them: all of them, the targets among them, in the order that is tried first. */
  readonly context: readonly string[];
  /** Probes of each condition. */
  readonly times: number;
  /** Begins anew, with other seeds, until the time is over. */
  readonly isEndless: boolean;
  /** Conditions that are tried. */
  readonly conditions: readonly Condition[];
  readonly seed: number;
  /** Workers where files run beside each other. */
  readonly workers: number;
  /** Processes that keep processors busy under load. */
  readonly load: number;
  /** Full names of the only tests to run; null: all. */
  readonly tests: readonly string[] | null;
}

export interface CampaignHooks {
  readonly probe: (spec: ProbeSpec) => Promise<ProbeResult>;
  /** Asked before each probe: whether the time is over, or somebody has stopped it. */
  readonly isOver: () => boolean;
  readonly onResult?: (result: ProbeResult, tests: readonly TestTally[]) => void;
}

export interface ClassifiedTest {
  readonly tally: TestTally;
  readonly classification: Classification;
}

export interface CampaignOutcome {
  /** Tests of the targets that failed at least once, and files that did so as a whole. */
  readonly flaky: readonly ClassifiedTest[];
  /** Tests of the targets that ran and never failed. */
  readonly clean: number;
  readonly probes: number;
  /** Why Jest gave no results, once each. */
  readonly faults: readonly string[];
}

/** The failing probe is made again so often. */
const REPLAYS = 10;

/** Where nothing is clear, with others and alone so often. */
const PASSES = 3;

/** Failures of one condition after which more of them say nothing new. */
const ENOUGH_FAILURES = 3;

type State = ReturnType<typeof createState>;

function createState({ conditions, tests }: CampaignPlan, hooks: CampaignHooks) {
  const tally = createTally();
  /** Of failing probes that were made again, by test. */
  const replays = new Map<string, Map<Condition, { failures: number; runs: number }>>();
  const suspects = new Set<string>();
  /** Tests that ran, also where a probe only scouts. */
  const seen = new Map<string, ProbedTest>();
  const faults = new Set<string>();
  let probes = 0;
  const make = async (spec: Omit<ProbeSpec, 'tests'>): Promise<ProbeResult | null> => {
    if (hooks.isOver()) return null;
    probes += 1;
    const result = await hooks.probe({ ...spec, tests });
    if (result.fault !== null) faults.add(result.fault);
    for (const { file, name, outcome } of result.sights) {
      if (outcome === 'failed') suspects.add(file);
      if (name !== null) seen.set(testKey({ file, name }), { file, name });
    }
    return result;
  };
  return {
    ...{ tally, replays, suspects, seen, faults },
    has: (condition: Condition) => conditions.includes(condition),
    probes: () => probes,
    /** Makes a probe and counts what it saw. False once the time is over. */
    async count(spec: Omit<ProbeSpec, 'tests'>): Promise<boolean> {
      const result = await make(spec);
      if (result === null) return false;
      tally.add(result);
      hooks.onResult?.(result, tally.tests());
      return true;
    },
    /** Makes a probe only to see who fails. */
    async scout(spec: Omit<ProbeSpec, 'tests'>): Promise<boolean> {
      const result = await make(spec);
      if (result !== null) hooks.onResult?.(result, tally.tests());
      return result !== null;
    },
    /** Makes a failed probe again. */
    async replay(spec: ProbeSpec): Promise<boolean> {
      const result = await make(spec);
      if (result === null) return false;
      for (const { file, name, outcome } of result.sights) {
        const key = JSON.stringify([file, name]);
        const own = replays.get(key) ?? new Map<Condition, { failures: number; runs: number }>();
        const count = own.get(spec.condition) ?? { failures: 0, runs: 0 };
        replays.set(key, own.set(spec.condition, count));
        count.runs += 1;
        if (outcome === 'failed') count.failures += 1;
      }
      hooks.onResult?.(result, tally.tests());
      return true;
    },
  };
}

const PLAIN = { workers: 1, randomizeSeed: null, load: 0 };

/** All files together, in ever new orders: nothing alone. */
async function survey(plan: CampaignPlan, state: State, firstRound: number): Promise<void> {
  const { context, times, seed, workers, load } = plan;
  for (let round = firstRound; round < firstRound + times; round++) {
    const roundSeed = seedOf(seed, round);
    const order = orderOf(context, seed, round);
    if (state.has('sequence') && !(await state.count({ ...PLAIN, condition: 'sequence', files: order }))) return;
    const other = orderOf(context, seed + 1, round);
    if (state.has('beside') && !(await state.count({ ...PLAIN, condition: 'beside', files: other, workers }))) return;
    // Who fails in this mixture runs alone under each of its parts.
    const mixed = state.has('shuffled') || state.has('load');
    const scout = { condition: 'load' as const, files: order, workers: 1, randomizeSeed: roundSeed, load };
    if (mixed && !(await state.scout(scout))) return;
  }
}

const testsOf = (state: State, file: string): TestTally[] => state.tally.tests().filter((one) => one.file === file);

/** Once it has failed and passed alone, or has never passed, nothing else can say more. */
const isDecidedAlone = (tests: readonly TestTally[], times: number): boolean =>
  tests.every(
    (test) =>
      totalOf(test).failures === 0 ||
      (test.counts.alone.failures > 0 && test.counts.alone.runs > test.counts.alone.failures) ||
      (test.counts.alone.failures >= times && test.counts.alone.failures === test.counts.alone.runs),
  ) && tests.some((test) => test.counts.alone.failures > 0);

const failuresOf = (tests: readonly TestTally[], condition: Condition): number =>
  Math.max(0, ...tests.map((test) => test.counts[condition].failures));

async function single(plan: CampaignPlan, state: State, file: string, firstRound: number): Promise<void> {
  const { times, seed, load } = plan;
  const files = [file];
  const repeat = async (count: number, spec: (index: number) => Omit<ProbeSpec, 'tests'>, condition: Condition) => {
    for (let index = 0; index < count; index++) {
      if (!(await state.count(spec(index)))) return;
      if (condition !== 'alone' && failuresOf(testsOf(state, file), condition) >= ENOUGH_FAILURES) return;
    }
  };
  if (state.has('alone')) await repeat(times, () => ({ ...PLAIN, condition: 'alone', files }), 'alone');
  if (isDecidedAlone(testsOf(state, file), times)) return;
  if (state.has('shuffled')) {
    const spec = (index: number) => ({
      ...PLAIN,
      condition: 'shuffled' as const,
      files,
      randomizeSeed: seedOf(seed, firstRound + index),
    });
    await repeat(times, spec, 'shuffled');
  }
  if (state.has('load')) await repeat(times, () => ({ ...PLAIN, condition: 'load', files, load }), 'load');
}

const REPLAYED: readonly Condition[] = ['shuffled', 'sequence', 'load', 'beside'];

/** Failed with others and not alone: chance, or cause? */
async function confirm(plan: CampaignPlan, state: State, file: string): Promise<void> {
  const open = () =>
    testsOf(state, file).filter((test) => totalOf(test).failures > 0 && test.counts.alone.failures === 0);
  // There is nothing to compare with.
  if (!state.has('alone')) return;
  for (let pass = 0; pass < PASSES && open().some((test) => !isClear(state, test)); pass++) {
    for (const condition of REPLAYED) {
      const spec = open().find((test) => test.failing[condition])?.failing[condition];
      if (spec === undefined) continue;
      // Of its own condition: a test may be clear by another one that only contains this one.
      const isSettled = () =>
        open()
          .filter((test) => test.counts[condition].failures > 0)
          .every((test) => chanceOf(test, condition, replaysOf(state, test)) < SIGNIFICANT);
      for (let index = 0; index < REPLAYS && !isSettled(); index++) if (!(await state.replay(spec))) return;
      if (open().every((test) => isClear(state, test))) break;
    }
    for (let index = 0; index < plan.times; index++) {
      if (open().every((test) => isClear(state, test))) return;
      if (!(await state.count({ ...PLAIN, condition: 'alone', files: [file] }))) return;
    }
  }
}

const replaysOf = (state: State, { file, name }: TestTally): Replays[] =>
  [...(state.replays.get(testKey({ file, name })) ?? [])].map(([condition, count]) => ({ condition, ...count }));

function isClear(state: State, test: TestTally): boolean {
  const { chance } = classify(test, replaysOf(state, test));
  return chance !== null && chance < SIGNIFICANT;
}

/** Makes the probes of a campaign, one after the other. */
export async function runCampaign(plan: CampaignPlan, hooks: CampaignHooks): Promise<CampaignOutcome> {
  const state = createState(plan, hooks);
  // Alone is no condition of files together: there nobody could become a suspect.
  const mayGoOn = () => plan.isEndless && !hooks.isOver() && state.probes() > before;
  const isTogether = plan.context.length > 1 && plan.conditions.some((condition) => condition !== 'alone');
  // A round without a probe has nothing to wait for, and neither has any other.
  let before = -1;
  for (let firstRound = 0; firstRound === 0 || mayGoOn(); firstRound += plan.times) {
    before = state.probes();
    if (isTogether) await survey(plan, state, firstRound);
    const suspects = isTogether ? plan.targets.filter((file) => state.suspects.has(file)) : plan.targets;
    for (const file of suspects) {
      await single(plan, state, file, firstRound);
      await confirm(plan, state, file);
    }
  }
  const tests = state.tally.tests().filter(({ file }) => plan.targets.includes(file));
  const flaky = tests
    .filter((test) => totalOf(test).failures > 0)
    .map((tally) => ({ tally, classification: classify(tally, replaysOf(state, tally)) }));
  const failed = new Set(flaky.map(({ tally }) => testKey(tally)));
  return {
    ...{ flaky, probes: state.probes(), faults: [...state.faults] },
    clean: [...state.seen].filter(([key, { file }]) => plan.targets.includes(file) && !failed.has(key)).length,
  };
}
