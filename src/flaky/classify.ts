/** What kind of flaky a test is, from the counts of a campaign. */
import type { Condition, ProbeSpec } from './probe';
import { type Count, fisher } from './statistics';
import { type TestTally, totalOf } from './tally';

export type FlakyVerdict =
  /** It fails by itself at times: its cause is in it or in what it tests. */
  | 'GENUINE'
  /** It fails, or passes, because of what ran before it in the same process. */
  | 'ORDER-DEPENDENT'
  /** It fails because of what runs at the same time. */
  | 'CONTENTION'
  /** It never passed, also not alone. */
  | 'BROKEN'
  /** It failed with others, and never ran alone: any of the above. */
  | 'NOT-COMPARED'
  /** It never failed. */
  | 'NOT-REPRODUCED';

export const VERDICTS: readonly FlakyVerdict[] = [
  'GENUINE',
  'ORDER-DEPENDENT',
  'CONTENTION',
  'BROKEN',
  'NOT-COMPARED',
  'NOT-REPRODUCED',
];

export interface Classification {
  readonly verdict: FlakyVerdict;
  /** Condition under which it fails; null where it never failed. */
  readonly condition: Condition | null;
  /** The probe that shows it; null where it never failed. */
  readonly spec: ProbeSpec | null;
  /** Chance that this is no more than chance; null where nothing was compared. */
  readonly chance: number | null;
}

/** A difference that chance makes less often is taken for one. */
export const SIGNIFICANT = 0.01;

/** The probe that failed, made again: how often it failed then. The failure by which it was chosen is not counted. */
export interface Replays extends Count {
  readonly condition: Condition;
}

/** Conditions that may make what passes alone fail, those first that explain more by less. */
const CAUSES: readonly (readonly [Condition, FlakyVerdict])[] = [
  ['shuffled', 'ORDER-DEPENDENT'],
  ['sequence', 'ORDER-DEPENDENT'],
  ['load', 'CONTENTION'],
  ['beside', 'CONTENTION'],
];

/** How likely a test fails under a condition as often as it did, if the condition does nothing to it. */
export function chanceOf({ counts }: TestTally, condition: Condition, replays: readonly Replays[]): number {
  const own = counts[condition];
  const again = replays.find((one) => one.condition === condition) ?? { failures: 0, runs: 0 };
  // The replays say it of one order, all probes of the condition of any, and both together where each is little.
  const both = { failures: own.failures + again.failures, runs: own.runs + again.runs };
  return Math.min(...[own, again, both].map((count) => fisher(count, counts.alone)));
}

/**
 * @param replays of the probes in which it failed, by condition.
 */
export function classify(tally: TestTally, replays: readonly Replays[] = []): Classification {
  const { counts, failing } = tally;
  const total = totalOf(tally);
  const { alone } = counts;
  const of = (verdict: FlakyVerdict, condition: Condition, chance: number | null = null): Classification => ({
    ...{ verdict, condition, spec: failing[condition] ?? null, chance },
  });
  if (total.failures === 0) return { verdict: 'NOT-REPRODUCED', condition: null, spec: null, chance: null };
  if (alone.runs > 0 && alone.failures === alone.runs) {
    if (total.failures === total.runs) return of('BROKEN', 'alone');
    // It needs what others do before it.
    const passing = (['sequence', 'shuffled', 'beside'] as const).find(
      (condition) => counts[condition].runs > counts[condition].failures,
    );
    return passing === undefined ? of('GENUINE', 'alone') : of('ORDER-DEPENDENT', 'alone');
  }
  if (alone.failures > 0) return of('GENUINE', 'alone');
  const first = CAUSES.find(([condition]) => counts[condition].failures > 0)?.[0] ?? 'alone';
  if (alone.runs === 0) return of('NOT-COMPARED', first);
  const compared = CAUSES.filter(([condition]) => counts[condition].failures > 0).map(([condition, verdict]) => ({
    ...{ condition, verdict, chance: chanceOf(tally, condition, replays) },
  }));
  const found = compared.find(({ chance }) => chance < SIGNIFICANT);
  if (found !== undefined) return of(found.verdict, found.condition, found.chance);
  // It failed, and nothing says that it would not have failed alone.
  return of('GENUINE', first, compared[0]?.chance ?? null);
}
