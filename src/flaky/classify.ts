/** What kind of flaky a test is, from the counts of a campaign. */
import { CONDITIONS, type Condition, type ProbeSpec } from './probe';
import { type Count, fisher, sumOf } from './statistics';
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
  /** It failed with others and not alone, and that may be chance. */
  | 'UNDECIDED'
  /** It failed with others, and never ran alone: any of the above. */
  | 'NOT-COMPARED'
  /** It never failed. */
  | 'NOT-REPRODUCED';

export const VERDICTS: readonly FlakyVerdict[] = [
  'GENUINE',
  'ORDER-DEPENDENT',
  'CONTENTION',
  'BROKEN',
  'UNDECIDED',
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
  /** More runs would not change the verdict. */
  readonly isSettled: boolean;
  /** Of a verdict that is open: what it may be. */
  readonly rival: FlakyVerdict | null;
  /** Runs alone that would decide it if all of them pass; null where it is decided, or nobody knows. */
  readonly runsNeeded: number | null;
}

/** A difference that chance makes less often is taken for one. */
const SIGNIFICANT = 0.005;

/** The same where it fails alone too: that it has two causes, or that the machine was busy, needs more proof. */
const SIGNIFICANT_BESIDE_ALONE = 0.001;

/** A difference that chance makes less often is worth more runs. */
const HINT = 0.05;

/** A failure that comes again, and alone does not, at least so surely. */
const COMES_AGAIN = 0.2;

/** Runs alone below which "never fails alone" says nothing, and failures alone below which "never passes" does. */
const FEW = 2;
const FEW_FAILURES = 5;

/** Conditions that may make what passes alone fail, those first that explain more by less. */
export const CAUSES: readonly (readonly [Condition, FlakyVerdict])[] = [
  ['shuffled', 'ORDER-DEPENDENT'],
  ['sequence', 'ORDER-DEPENDENT'],
  ['load', 'CONTENTION'],
  ['beside', 'CONTENTION'],
];

const replaysUnder = ({ replays }: TestTally, condition: Condition) =>
  replays.filter(({ spec }) => spec.condition === condition);

/** Of probes, and of replays that it was the reason for: those for another file leave out what makes this one fail. */
const allUnder = (test: TestTally, condition: Condition): Count =>
  sumOf([test.counts[condition], ...replaysUnder(test, condition).filter(({ isOwn }) => isOwn)]);

/**
 * Runs without the condition. For what is beside a test or loads it that is each run in one worker, whatever ran before
 * and in whatever order.
 */
function controlOf({ counts }: TestTally, condition: Condition): Count {
  if (condition === 'sequence') return counts.alone;
  if (condition === 'shuffled') return sumOf([counts.alone, counts.sequence]);
  return sumOf([counts.alone, counts.sequence, counts.shuffled]);
}

/** How likely a test fails under a condition as often as it did, if the condition does nothing to it. */
function chanceOf(test: TestTally, condition: Condition): number {
  const control = controlOf(test, condition);
  const replays = replaysUnder(test, condition);
  const against = (counts: readonly Count[]) => Math.min(...counts.map((count) => fisher(count, control)));
  const all = allUnder(test, condition);
  if (condition !== 'sequence') {
    // The replays say it of one order, all probes of the condition of any, and both together where each is little.
    const own = [test.counts[condition], ...replays, all];
    // Beside others a machine is busy too.
    return against(condition === 'load' ? [...own, sumOf([all, allUnder(test, 'beside')])] : own);
  }
  // Runs alone were made later, maybe on a machine that was busier or less: what came again beside them must agree.
  const again = against([{ failures: 0, runs: 0 }, ...replays]);
  return again < COMES_AGAIN ? Math.min(again, against([all])) : 1;
}

const hasFailedUnder = (test: TestTally, condition: Condition): boolean =>
  sumOf([test.counts[condition], ...replaysUnder(test, condition)]).failures > 0;

/** The replay that fails most surely, or the probe that failed first. */
function specUnder(test: TestTally, condition: Condition): ProbeSpec | null {
  const [best] = replaysUnder(test, condition)
    .filter(({ failures }) => failures > 0)
    .sort((a, b) => b.failures / b.runs - a.failures / a.runs || a.spec.files.length - b.spec.files.length);
  return best?.spec ?? test.failing[condition] ?? null;
}

/** Passes alone, more than were seen, that would make the difference significant; null: none in sight. */
function passesNeeded(test: TestTally, condition: Condition): number | null {
  const control = controlOf(test, condition);
  const all = allUnder(test, condition);
  for (let more = 1; more <= 1000; more++) {
    if (fisher(all, { ...control, runs: control.runs + more }) < SIGNIFICANT) return more;
  }
  return null;
}

export function classify(test: TestTally): Classification {
  const { alone } = test.counts;
  const total = totalOf(test);
  const of = (
    verdict: FlakyVerdict,
    condition: Condition | null,
    more: Partial<Classification> = {},
  ): Classification => ({
    ...{ verdict, condition, spec: condition === null ? null : specUnder(test, condition) },
    ...{ chance: null, isSettled: true, rival: null, runsNeeded: null, ...more },
  });
  if (!CONDITIONS.some((condition) => hasFailedUnder(test, condition))) return of('NOT-REPRODUCED', null);
  if (alone.runs > 0 && alone.failures === alone.runs) {
    const isSettled = alone.failures >= FEW_FAILURES;
    if (total.failures === total.runs) return of('BROKEN', 'alone', { isSettled });
    const others = { failures: total.failures - alone.failures, runs: total.runs - alone.runs };
    const chance = fisher(alone, others);
    // It needs what others do before it.
    if (others.runs > others.failures && chance < SIGNIFICANT) return of('ORDER-DEPENDENT', 'alone', { chance });
    return of('UNDECIDED', 'alone', { chance, isSettled: false, rival: 'ORDER-DEPENDENT' });
  }
  const first = CAUSES.find(([condition]) => hasFailedUnder(test, condition))?.[0] ?? 'alone';
  if (alone.runs === 0) return of('NOT-COMPARED', first, { isSettled: false });
  const compared = CAUSES.filter(([condition]) => hasFailedUnder(test, condition)).map(([condition, verdict]) => ({
    ...{ condition, verdict, chance: chanceOf(test, condition) },
  }));
  const level = alone.failures > 0 ? SIGNIFICANT_BESIDE_ALONE : SIGNIFICANT;
  const found = compared.find(({ chance }) => chance < level);
  if (found !== undefined) {
    return of(found.verdict, found.condition, { chance: found.chance, isSettled: alone.runs >= FEW });
  }
  const hint = compared.find(({ chance }) => chance < HINT);
  if (alone.failures > 0) {
    return of('GENUINE', 'alone', { isSettled: hint === undefined, rival: hint?.verdict ?? null });
  }
  // It failed, and nothing says whether it would have failed alone.
  const [likely] = [...compared].sort((a, b) => a.chance - b.chance);
  return of('UNDECIDED', likely?.condition ?? first, {
    ...{ chance: likely?.chance ?? null, isSettled: false, rival: likely?.verdict ?? null },
    runsNeeded: likely === undefined ? null : passesNeeded(test, likely.condition),
  });
}
