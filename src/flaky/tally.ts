/** What the probes of a campaign saw of each test. */
import { errorLine } from '../blob/error-line';
import { inBoth, neighboursOf } from './neighbours';
import {
  CONDITIONS,
  type Condition,
  type ProbedTest,
  type ProbeResult,
  type ProbeSpec,
  probeKey,
  testKey,
} from './probe';
import { type Count, sumOf } from './statistics';

interface ErrorGroup {
  /** The error in one line, without what differs between runs. */
  readonly line: string;
  readonly count: number;
  /** One of them, whole. */
  readonly example: string;
}

/** A probe that was made to see whether a failure comes again. The failure by which it was chosen is not counted. */
export interface Replay extends Count {
  readonly spec: ProbeSpec;
  /** A failure of its own file was the reason. */
  readonly isOwn: boolean;
}

export interface TestTally extends ProbedTest {
  readonly counts: Readonly<Record<Condition, Count>>;
  /** Of its passes. */
  readonly durationsMs: readonly number[];
  readonly errors: readonly ErrorGroup[];
  /** A probe in which it failed, for each condition: the first, or that with fewest files before it. */
  readonly failing: Readonly<Partial<Record<Condition, ProbeSpec>>>;
  readonly replays: readonly Replay[];
  /** Files that ran while it did each time that it failed beside others, those first that did so longest. */
  readonly neighbours: readonly string[];
}

interface OpenTally extends ProbedTest {
  readonly counts: Record<Condition, { failures: number; runs: number }>;
  readonly durationsMs: number[];
  readonly errors: Map<string, { line: string; count: number; example: string }>;
  readonly failing: Partial<Record<Condition, ProbeSpec>>;
  readonly replays: Map<string, { readonly spec: ProbeSpec; isOwn: boolean; failures: number; runs: number }>;
  neighbours: readonly string[] | null;
}

export interface Tally {
  /** Of a probe that was chosen without regard to what failed before. */
  add(result: ProbeResult): void;
  /** Of one that was chosen because a test of this file failed. */
  addReplay(result: ProbeResult, of: string): void;
  tests(): readonly TestTally[];
  testsOf(file: string): readonly TestTally[];
}

const noCounts = (): OpenTally['counts'] =>
  Object.fromEntries(CONDITIONS.map((condition) => [condition, { failures: 0, runs: 0 }])) as OpenTally['counts'];

/** Numbers, addresses and quoted values differ between runs of one error. */
const groupOf = (line: string): string => line.replace(/0x[\da-f]+|\d+(?:\.\d+)?/gi, 'N');

/** Durations of one test that are kept. */
const MOST_DURATIONS = 10_000;

const shown = (tally: OpenTally): TestTally => ({
  ...tally,
  errors: [...tally.errors.values()].sort((a, b) => b.count - a.count),
  replays: [...tally.replays.values()],
  neighbours: tally.neighbours ?? [],
});

export function createTally(): Tally {
  const tallies = new Map<string, OpenTally>();
  const tallyOf = ({ project, file, name }: ProbedTest): OpenTally => {
    const key = testKey({ project, file, name });
    const known = tallies.get(key);
    if (known !== undefined) return known;
    const made: OpenTally = {
      ...{ project, file, name, counts: noCounts(), durationsMs: [], errors: new Map(), failing: {} },
      ...{ replays: new Map(), neighbours: null },
    };
    tallies.set(key, made);
    return made;
  };
  const openReplay = (tally: OpenTally, spec: ProbeSpec, isOwn: boolean) => {
    const key = probeKey(spec);
    const replay = tally.replays.get(key) ?? { spec, isOwn, failures: 0, runs: 0 };
    tally.replays.set(key, replay);
    return replay;
  };
  const addTo = (
    { spec, sights, spans }: ProbeResult,
    countOf: (tally: OpenTally) => { failures: number; runs: number },
  ) => {
    for (const { outcome, durationMs, error, ...test } of sights) {
      const tally = tallyOf(test);
      const count = countOf(tally);
      count.runs += 1;
      if (outcome === 'passed') {
        if (durationMs !== null && tally.durationsMs.length < MOST_DURATIONS) tally.durationsMs.push(durationMs);
        continue;
      }
      count.failures += 1;
      const known = tally.failing[spec.condition];
      // Fewer files before it say as much, sooner.
      const isShorter = known !== undefined && spec.files.indexOf(test.file) < known.files.indexOf(test.file);
      if (known === undefined || (spec.condition === 'sequence' && isShorter)) tally.failing[spec.condition] = spec;
      if (spec.condition === 'beside') {
        const own = neighboursOf(test.file, spans);
        tally.neighbours = tally.neighbours === null ? own : inBoth(tally.neighbours, own);
      }
      const line = errorLine(error ?? '');
      const group = tally.errors.get(groupOf(line)) ?? { line, count: 0, example: error ?? '' };
      group.count += 1;
      tally.errors.set(groupOf(line), group);
    }
  };
  return {
    add: (result) => addTo(result, (tally) => tally.counts[result.spec.condition]),
    addReplay: (result, of) => addTo(result, (tally) => openReplay(tally, result.spec, tally.file === of)),
    tests: () => [...tallies.values()].map(shown),
    testsOf: (file) => [...tallies.values()].filter((tally) => tally.file === file).map(shown),
  };
}

/** What came of a probe that was made again; undefined where it was not. */
export const replayOf = ({ replays }: Pick<TestTally, 'replays'>, spec: ProbeSpec): Replay | undefined =>
  replays.find((replay) => probeKey(replay.spec) === probeKey(spec));

/** Of all conditions together, without replays: those were chosen because it fails there. */
export function totalOf({ counts }: Pick<TestTally, 'counts'>): Count {
  return sumOf(CONDITIONS.map((condition) => counts[condition]));
}
