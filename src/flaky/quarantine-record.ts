/**
 * What became of the tests in quarantine, run by run: a test that always fails there is broken and not flaky, and one
 * that has passed for long needs no quarantine.
 */
import type { Quarantine, QuarantineEntry } from './quarantine';

/** Runs that are remembered of each test. */
const KEPT = 100;

/** A test that failed in so many runs, and passed in none of them, is broken. */
const BROKEN_AFTER = 10;

/** After so many passes in a row its removal is proposed. */
export const PASSES_ENOUGH = 50;

interface RecordedTest {
  readonly file: string;
  readonly project: string | null;
  readonly test: string;
  /** First day of the entry: one that is added anew begins anew. */
  readonly since: string;
  /** A letter for each run, the last one last: `P` passed, `F` failed. */
  readonly outcomes: string;
}

export interface QuarantineRecord {
  readonly version: 1;
  /** Runs that were added, the last ones: one that is merged again adds nothing. */
  readonly runs?: readonly string[];
  readonly tests: readonly RecordedTest[];
}

export const EMPTY_RECORD: QuarantineRecord = { version: 1, tests: [] };

export type QuarantineOutcome = 'passed' | 'failed';

const isOf = ({ file, project, test, since }: RecordedTest, entry: QuarantineEntry): boolean =>
  file === entry.file && project === (entry.project ?? null) && test === entry.test && since === entry.since;

/** One name for one run; outside of a CI all have the same id. @param startMs when its first node began. */
export const runKey = (runId: string | null, attempt: number, startMs: number): string =>
  JSON.stringify([runId, attempt, startMs]);

/** Adds one run, unless it was added before. Entries that are gone are deleted, and those that did not run keep what they have. */
export function addRun(
  record: QuarantineRecord,
  { tests }: Quarantine,
  outcomes: ReadonlyMap<QuarantineEntry, QuarantineOutcome>,
  run: string,
): QuarantineRecord {
  const runs = record.runs ?? [];
  const isKnown = runs.includes(run);
  return {
    version: 1,
    runs: isKnown ? runs : [...runs, run].slice(-KEPT),
    tests: tests.map((entry): RecordedTest => {
      const before = record.tests.find((one) => isOf(one, entry))?.outcomes ?? '';
      const outcome = outcomes.get(entry);
      const letter = outcome === undefined || isKnown ? '' : outcome === 'passed' ? 'P' : 'F';
      const { file, project = null, test, since } = entry;
      return { file, project, test, since, outcomes: `${before}${letter}`.slice(-KEPT) };
    }),
  };
}

export interface Standing {
  readonly entry: QuarantineEntry;
  readonly runs: number;
  readonly failed: number;
  /** It failed in every one of its last runs, and these are enough to say so. */
  readonly isBroken: boolean;
  /** Passes since its last failure. */
  readonly passesInARow: number;
}

/** How each entry stands. */
export function standingsOf({ tests }: Quarantine, record: QuarantineRecord): readonly Standing[] {
  return tests.map((entry) => {
    const outcomes = record.tests.find((one) => isOf(one, entry))?.outcomes ?? '';
    return {
      entry,
      runs: outcomes.length,
      failed: [...outcomes].filter((one) => one === 'F').length,
      isBroken: outcomes.length >= BROKEN_AFTER && outcomes.endsWith('F'.repeat(BROKEN_AFTER)),
      passesInARow: /P*$/.exec(outcomes)?.[0].length ?? 0,
    };
  });
}

/** One execution of a test, as the history of a queue has it. */
export interface PastOutcome {
  readonly runId: string;
  /** POSIX, relative to the root of its project. */
  readonly file: string;
  readonly project: string | null;
  readonly outcome: string | null;
  /** ISO 8601. */
  readonly finishedAt: string;
}

/** A record from the history of a queue: a run in which the test passed once has passed. */
export function recordOf({ tests }: Quarantine, executionsOf: (entry: QuarantineEntry) => readonly PastOutcome[]) {
  return {
    version: 1,
    tests: tests.map((entry): RecordedTest => {
      const { file, project = null, test, since } = entry;
      const runs = new Map<string, string>();
      const own = executionsOf(entry)
        .filter((one) => one.finishedAt.slice(0, 10) >= since && (project === null || one.project === project))
        // The quarantine's paths begin at the package, those of the history at a project of it.
        .filter((one) => file === one.file || file.endsWith(`/${one.file}`))
        .sort((a, b) => (a.finishedAt < b.finishedAt ? -1 : 1));
      for (const { runId, outcome } of own) {
        if (outcome === 'passed') runs.set(runId, 'P');
        else if (outcome === 'failed') runs.set(runId, runs.get(runId) ?? 'F');
      }
      return { file, project, test, since, outcomes: [...runs.values()].join('').slice(-KEPT) };
    }),
  } as const satisfies QuarantineRecord;
}

/** Reads what {@link addRun} made; whatever else is there is no record. */
export function parseRecord(value: unknown): QuarantineRecord | undefined {
  const { version, tests, runs = [] } = (value ?? {}) as Partial<QuarantineRecord>;
  if (version !== 1 || !Array.isArray(tests) || !Array.isArray(runs)) return undefined;
  const isRight = (tests as readonly Partial<RecordedTest>[]).every(
    ({ file, test, since, outcomes }) =>
      [file, test, since].every((text) => typeof text === 'string') && /^[PF]*$/.test(String(outcomes)),
  );
  return isRight ? (value as QuarantineRecord) : undefined;
}
