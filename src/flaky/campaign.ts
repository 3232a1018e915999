/**
 * A campaign: which probes are made, in which order, to find out which tests are flaky and of what kind.
 *
 * Files together first, in orders, shuffled, beside each other and under load, as a suite has them: each such probe
 * says something of every file. Then of each that failed, alone and with as little as may have made it fail, until its
 * kind is known: the next probe is the one that says most.
 *
 * Where there are several lanes, each makes one probe at a time: those of files together are independent of each other,
 * and of a file that failed the next one waits for what the last one showed.
 */
import { type Classification, classify } from './classify';
import { createTurns, eachOf } from './lanes';
import { nextProbe } from './next-probe';
import { type Condition, PLAIN_PROBE, type ProbeResult, type ProbeSpec } from './probe';
import { orderOf, seedOf, weightedShuffle } from './shuffle';
import { quantile } from './statistics';
import { createTally, type TestTally } from './tally';

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
  /** Asked for so many at a time as there are lanes. */
  readonly probe: (spec: ProbeSpec) => Promise<ProbeResult>;
  /** Probes that are made at the same time; 1 if not said. */
  readonly lanes?: number;
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

/** Under load everything takes long, and what the load breaks breaks often: it is tried in one round of so many. */
const LOAD_EVERY = 8;

/** Shorter ones meet others as seldom. */
const SHORT_MS = 10;

/** Failures of one condition after which more of them say nothing new. */
const ENOUGH_FAILURES = 3;

type State = ReturnType<typeof createState>;

/** What is asked of all tests that the plan is about. */
type Question = Omit<ProbeSpec, 'tests'>;

function createState({ conditions, tests }: CampaignPlan, hooks: CampaignHooks) {
  const tally = createTally();
  const faults = new Set<string>();
  const durations = new Map<string, number[]>();
  const takeTurn = createTurns();
  let probes = 0;
  const add = (result: ProbeResult, addTo: (result: ProbeResult) => void) => {
    if (result.fault !== null) faults.add(result.fault);
    const tested = new Map<string, number>();
    for (const { file, durationMs } of result.sights) tested.set(file, (tested.get(file) ?? 0) + (durationMs ?? 0));
    for (const [file, ms] of tested) durations.set(file, [...(durations.get(file) ?? []), ms]);
    addTo(result);
    hooks.onResult?.(result, tally.tests());
  };
  const atOnce = (work: () => void) => work();
  /** @returns false where the time is over. */
  const make = async (
    spec: Question,
    addTo: (result: ProbeResult) => void,
    takeTurn: () => (work: () => void) => void = () => atOnce,
  ): Promise<boolean> => {
    if (hooks.isOver()) return false;
    probes += 1;
    const inTurn = takeTurn();
    const result = await hooks.probe({ ...spec, tests });
    inTurn(() => add(result, addTo));
    return true;
  };
  return {
    ...{ tally, faults },
    has: (condition: Condition) => conditions.includes(condition),
    probes: () => probes,
    /** What its tests take, in milliseconds. */
    durationOf: (file: string): number => Math.max(SHORT_MS, quantile(durations.get(file) ?? [], 0.5) ?? 0),
    /** Makes a probe that no failure has chosen. Each of these is false once the time is over. */
    count: (spec: Question): Promise<boolean> => make(spec, tally.add),
    /** The same, and what it saw comes after all that was begun before in this way, whichever lane is faster. */
    countInTurn: (spec: Question): Promise<boolean> => make(spec, tally.add, takeTurn),
    /** Makes one because a test of this file failed. */
    replay: (spec: ProbeSpec, of: string): Promise<boolean> => make(spec, (result) => tally.addReplay(result, of)),
  };
}

/** All files together, in ever new orders: nothing alone. */
function* survey(plan: CampaignPlan, state: State, firstRound: number): Generator<Question> {
  const { context, times, seed, workers, load } = plan;
  for (let round = firstRound; round < firstRound + times; round++) {
    const order = orderOf(context, seed, round);
    const other = orderOf(context, seed + 1, round);
    // What runs long meets most; a round of chance alone would let two of many files hardly ever meet.
    // Twice in each: of two that want the same thing only one may fail.
    const meeting = (again: number) => ({
      ...{ ...PLAIN_PROBE, condition: 'beside' as const, workers },
      files: weightedShuffle(context, state.durationOf, seedOf(seed + 2 + again, round)),
    });
    const specs: Question[] = [
      { ...PLAIN_PROBE, condition: 'sequence', files: order },
      meeting(0),
      { ...PLAIN_PROBE, condition: 'shuffled', files: other, randomizeSeed: seedOf(seed, round) },
      meeting(1),
    ];
    if (round % LOAD_EVERY === 0) specs.push({ ...PLAIN_PROBE, condition: 'load', files: other, load });
    for (const spec of specs) if (state.has(spec.condition)) yield spec;
  }
}

const failuresOf = (tests: readonly TestTally[], condition: Condition): number =>
  Math.max(0, ...tests.map((test) => test.counts[condition].failures));

/** A file for which there are no others. */
function* surveyAlone(plan: CampaignPlan, state: State, file: string, firstRound: number): Generator<Question> {
  const { times, seed, load } = plan;
  const files = [file];
  const specs: Readonly<Record<'alone' | 'shuffled' | 'load', (index: number) => Question>> = {
    alone: () => ({ ...PLAIN_PROBE, condition: 'alone', files }),
    shuffled: (index) => ({
      ...PLAIN_PROBE,
      condition: 'shuffled',
      files,
      randomizeSeed: seedOf(seed, firstRound + index),
    }),
    load: () => ({ ...PLAIN_PROBE, condition: 'load', files, load }),
  };
  for (const condition of ['alone', 'shuffled', 'load'] as const) {
    const specOf = specs[condition];
    if (!state.has(condition)) continue;
    // How often it fails alone is asked for; of the others, whether.
    const isEnough = () => condition !== 'alone' && failuresOf(state.tally.testsOf(file), condition) >= ENOUGH_FAILURES;
    for (let index = 0; index < times && !isEnough(); index++) yield specOf(index);
    // It needs nothing else to fail.
    if (failuresOf(state.tally.testsOf(file), 'alone') > 0) return;
  }
}

/** Until the kind of each of its tests is known, or nothing more can be learned. */
async function settle(plan: CampaignPlan, state: State, file: string): Promise<void> {
  for (;;) {
    const [spec] = state.tally.testsOf(file).flatMap((test) => nextProbe(test, plan) ?? []);
    if (spec === undefined) return;
    if (!(await (spec.condition === 'alone' ? state.count(spec) : state.replay(spec, file)))) return;
  }
}

/** Makes the probes of a campaign, one after the other in each lane. */
export async function runCampaign(plan: CampaignPlan, hooks: CampaignHooks): Promise<CampaignOutcome> {
  const { lanes = 1 } = hooks;
  const state = createState(plan, hooks);
  // Alone is no condition of files together: there nobody could become a suspect.
  const isTogether = plan.context.length > 1 && plan.conditions.some((condition) => condition !== 'alone');
  // Of few files each has several lanes, as long as its probes do not follow from each other.
  const perFile = Math.max(1, Math.floor(lanes / plan.targets.length));
  let before = -1;
  // A round without a probe has nothing to wait for, and neither has any other.
  const mayGoOn = () => plan.isEndless && !hooks.isOver() && state.probes() > before;
  for (let firstRound = 0; firstRound === 0 || mayGoOn(); firstRound += plan.times) {
    before = state.probes();
    if (isTogether) await eachOf(survey(plan, state, firstRound), lanes, state.countInTurn);
    await eachOf(plan.targets, lanes, async (file) => {
      if (!isTogether) await eachOf(surveyAlone(plan, state, file, firstRound), perFile, state.count);
      await settle(plan, state, file);
      return true;
    });
    // A probe for one of them may have shown more of another one.
    for (let made = -1; made !== state.probes() && !hooks.isOver(); ) {
      made = state.probes();
      await eachOf(plan.targets, lanes, async (file) => {
        await settle(plan, state, file);
        return true;
      });
    }
  }
  const judged = state.tally
    .tests()
    .filter(({ file }) => plan.targets.includes(file))
    .map((tally) => ({ tally, classification: classify(tally) }));
  const hasFailed = ({ classification }: ClassifiedTest) => classification.verdict !== 'NOT-REPRODUCED';
  return {
    ...{ flaky: judged.filter(hasFailed), probes: state.probes(), faults: [...state.faults] },
    clean: judged.filter((one) => one.tally.name !== null && !hasFailed(one)).length,
  };
}
