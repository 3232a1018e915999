/**
 * Which probe says most about a test whose kind is open: alone, or its failure again with as little around it as may
 * have made it.
 */
import { CAUSES, classify } from './classify';
import { type Condition, PLAIN_PROBE, type ProbeSpec } from './probe';
import { type Count, sumOf } from './statistics';
import { replayOf, type TestTally } from './tally';

export interface Inquiry {
  /** Conditions that may be tried. */
  readonly conditions: readonly Condition[];
  /** Runs of each condition in the survey; of one replay, and alone, three times as many at most. */
  readonly times: number;
  /** Workers where files run beside each other. */
  readonly workers: number;
  /** Processes that keep processors busy under load. */
  readonly load: number;
}

/** After so many passes of a replay another cause has its turn; then the first one again. */
const TURN = 4;
const PASSES = 3;

/**
 * Runs alone for each replay. Order is compared with them and nothing else, and what fails everywhere fails there
 * soonest; what is beside a test or loads it is compared with all that ran in one worker.
 */
const ALONE_FOR_EACH: Readonly<Record<Condition, number>> = {
  ...{ sequence: 2, shuffled: 1, load: 0.5, beside: 0.5, alone: 1 },
};

/** What else a probe under a condition has in it: a cause must be in each probe that failed. */
const CONTAINED_IN: Readonly<Record<Condition, readonly Condition[]>> = {
  shuffled: ['shuffled'],
  beside: ['beside'],
  load: ['load', 'beside'],
  sequence: ['sequence', 'shuffled', 'load', 'beside'],
  alone: ['alone', 'sequence', 'shuffled', 'load', 'beside'],
};

/** Causes that are in each probe that failed, those first that are in few others; then those that are not in each. */
function rankCauses({ counts }: TestTally): readonly Condition[] {
  const total = sumOf(Object.values(counts));
  return CAUSES.map(([condition]) => {
    const within: Count = sumOf(CONTAINED_IN[condition].map((one) => counts[one]));
    return { condition, missed: total.failures - counts.alone.failures - within.failures, runs: within.runs };
  })
    .sort((a, b) => Number(a.missed > 0) - Number(b.missed > 0) || a.runs - b.runs)
    .map(({ condition }) => condition);
}

/** What may show that a condition makes it fail, the smallest first. */
function replaysFor(test: TestTally, condition: Condition, { workers, load }: Inquiry): readonly ProbeSpec[] {
  const { file, failing, neighbours } = test;
  const files = [file];
  const spec = failing[condition];
  switch (condition) {
    case 'shuffled':
      return spec === undefined ? [] : [{ ...PLAIN_PROBE, condition, files, randomizeSeed: spec.randomizeSeed }];
    case 'load':
      return [{ ...PLAIN_PROBE, condition, files, load }];
    case 'beside': {
      if (spec === undefined) return [];
      const near = [file, ...neighbours];
      const small = { ...PLAIN_PROBE, condition, files: near, workers: Math.min(workers, near.length) };
      return neighbours.length === 0 ? [spec] : [small, spec];
    }
    default: {
      const [order] = [failing.sequence, failing.shuffled, failing.load].filter(
        (one) => one !== undefined && one.files.indexOf(file) > 0,
      );
      if (order === undefined) return [];
      return [{ ...PLAIN_PROBE, condition: 'sequence', files: order.files.slice(0, order.files.indexOf(file) + 1) }];
    }
  }
}

/** @returns null where nothing more can be learned, or enough is known. */
export function nextProbe(test: TestTally, inquiry: Inquiry): ProbeSpec | null {
  const { conditions, times } = inquiry;
  // There is nothing to compare with.
  if (!conditions.includes('alone')) return null;
  const { verdict, isSettled } = classify(test);
  if (verdict === 'NOT-REPRODUCED' || isSettled) return null;
  const { alone } = test.counts;
  const again: ProbeSpec = { ...PLAIN_PROBE, condition: 'alone', files: [test.file] };
  const mayRunAlone = alone.runs < PASSES * times;
  // What never passed alone is compared with all that was seen before.
  if (alone.runs > 0 && alone.failures === alone.runs) return mayRunAlone ? again : null;
  const specs = rankCauses(test)
    .filter((condition) => conditions.includes(condition))
    .flatMap((condition) => replaysFor(test, condition, inquiry));
  const runsOf = (spec: ProbeSpec): Count => replayOf(test, spec) ?? { failures: 0, runs: 0 };
  for (let pass = 1; pass <= PASSES; pass++) {
    const spec = specs.find((one) => {
      const { failures, runs } = runsOf(one);
      return runs < (failures > 0 ? PASSES * times : Math.min(PASSES * times, TURN * pass));
    });
    if (spec === undefined) continue;
    const enough = ALONE_FOR_EACH[spec.condition] * (runsOf(spec).runs + 1);
    return mayRunAlone && alone.runs < enough ? again : spec;
  }
  return mayRunAlone ? again : null;
}
