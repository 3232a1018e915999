/** Burn-in: tests that a change brings or touches run again and again, for a while. */
import type { ProbeResult, ProbeSpec } from './probe';
import { createTally, type TestTally, totalOf } from './tally';

export interface BurnInPlan {
  /** Paths from the working directory. */
  readonly files: readonly string[];
  readonly budgetMs: number;
  /** Runs of one file at most. */
  readonly most: number;
}

export interface BurnInHooks {
  readonly probe: (spec: ProbeSpec) => Promise<ProbeResult>;
  /** Milliseconds, from any start. */
  readonly now: () => number;
  readonly isOver: () => boolean;
}

export interface BurnInOutcome {
  /** Failed, and passed in another run. */
  readonly flaky: readonly TestTally[];
  /** Runs of all files. */
  readonly runs: number;
  /** Files that ran once: one run cannot show that a test is flaky. */
  readonly once: readonly string[];
  /** Files of which no test ran. */
  readonly testless: readonly string[];
  /** Files for which there was no time at all. */
  readonly unrun: readonly string[];
  readonly faults: readonly string[];
}

interface Turn {
  readonly file: string;
  spentMs: number;
  runs: number;
}

const isFlaky = (test: TestTally): boolean => {
  const { failures, runs } = totalOf(test);
  return failures > 0 && failures < runs;
};

/** The file that had least of the time is next: short ones run more often. */
export async function burnIn({ files, budgetMs, most }: BurnInPlan, hooks: BurnInHooks): Promise<BurnInOutcome> {
  const tally = createTally();
  const faults = new Set<string>();
  const turns = files.map((file): Turn => ({ file, spentMs: 0, runs: 0 }));
  const begunAt = hooks.now();
  const isKnown = (file: string) => tally.tests().some((test) => test.file === file && isFlaky(test));
  for (;;) {
    const open = turns.filter(({ file, runs }) => runs < most && !isKnown(file));
    const next = open.reduce<Turn | undefined>(
      (least, turn) => (least === undefined || turn.spentMs < least.spentMs ? turn : least),
      undefined,
    );
    if (next === undefined || hooks.isOver() || hooks.now() - begunAt >= budgetMs) break;
    const startedAt = hooks.now();
    const result = await hooks.probe({
      ...{ condition: 'alone', files: [next.file], workers: 1, randomizeSeed: null, load: 0, tests: null },
    });
    tally.add(result);
    if (result.fault !== null) faults.add(result.fault);
    next.runs += 1;
    next.spentMs += Math.max(1, hooks.now() - startedAt);
  }
  const ran = new Set(tally.tests().flatMap(({ file, name }) => (name === null ? [] : [file])));
  return {
    once: turns.filter(({ runs }) => runs === 1).map(({ file }) => file),
    testless: turns.filter(({ file, runs }) => runs > 0 && !ran.has(file)).map(({ file }) => file),
    flaky: tally.tests().filter(isFlaky),
    runs: turns.reduce((sum, { runs }) => sum + runs, 0),
    unrun: turns.filter(({ runs }) => runs === 0).map(({ file }) => file),
    faults: [...faults],
  };
}
