/** What the probes of a campaign saw of each test. */
import { errorLine } from '../blob/error-line';
import { CONDITIONS, type Condition, type ProbedTest, type ProbeResult, type ProbeSpec, testKey } from './probe';
import type { Count } from './statistics';

interface ErrorGroup {
  /** The error in one line, without what differs between runs. */
  readonly line: string;
  readonly count: number;
  /** One of them, whole. */
  readonly example: string;
}

export interface TestTally extends ProbedTest {
  readonly counts: Readonly<Record<Condition, Count>>;
  /** Of its passes. */
  readonly durationsMs: readonly number[];
  readonly errors: readonly ErrorGroup[];
  /** Probes in which it failed first, one for each condition. */
  readonly failing: Readonly<Partial<Record<Condition, ProbeSpec>>>;
}

interface OpenTally extends ProbedTest {
  readonly counts: Record<Condition, { failures: number; runs: number }>;
  readonly durationsMs: number[];
  readonly errors: Map<string, { line: string; count: number; example: string }>;
  readonly failing: Partial<Record<Condition, ProbeSpec>>;
}

export interface Tally {
  add(result: ProbeResult): void;
  tests(): readonly TestTally[];
}

const noCounts = (): OpenTally['counts'] =>
  Object.fromEntries(CONDITIONS.map((condition) => [condition, { failures: 0, runs: 0 }])) as OpenTally['counts'];

/** Numbers, addresses and quoted values differ between runs of one error. */
const groupOf = (line: string): string => line.replace(/0x[\da-f]+|\d+(?:\.\d+)?/gi, 'N');

/** Durations of one test that are kept. */
const MOST_DURATIONS = 10_000;

export function createTally(): Tally {
  const tallies = new Map<string, OpenTally>();
  const tallyOf = ({ file, name }: ProbedTest): OpenTally => {
    const key = testKey({ file, name });
    const known = tallies.get(key);
    if (known !== undefined) return known;
    const made = { file, name, counts: noCounts(), durationsMs: [], errors: new Map(), failing: {} };
    tallies.set(key, made);
    return made;
  };
  return {
    add({ spec, sights }) {
      for (const { outcome, durationMs, error, ...test } of sights) {
        const tally = tallyOf(test);
        const count = tally.counts[spec.condition];
        count.runs += 1;
        if (outcome === 'passed') {
          if (durationMs !== null && tally.durationsMs.length < MOST_DURATIONS) tally.durationsMs.push(durationMs);
          continue;
        }
        count.failures += 1;
        tally.failing[spec.condition] ??= spec;
        const line = errorLine(error ?? '');
        const group = tally.errors.get(groupOf(line)) ?? { line, count: 0, example: error ?? '' };
        group.count += 1;
        tally.errors.set(groupOf(line), group);
      }
    },
    tests: () =>
      [...tallies.values()].map((tally) => ({
        ...tally,
        errors: [...tally.errors.values()].sort((a, b) => b.count - a.count),
      })),
  };
}

/** Of all conditions together. */
export function totalOf({ counts }: Pick<TestTally, 'counts'>): Count {
  return CONDITIONS.reduce(
    (sum, condition) => ({
      failures: sum.failures + counts[condition].failures,
      runs: sum.runs + counts[condition].runs,
    }),
    { failures: 0, runs: 0 },
  );
}
