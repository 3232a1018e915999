/** A probe: one start of Jest that `grind` and `bisect` make, and what it saw. */

/** Under what a test runs in a probe. */
export type Condition =
  /** Its file in a process of its own, with nothing beside it. */
  | 'alone'
  /** As alone, with its tests in another order. */
  | 'shuffled'
  /** After other files in the same process. */
  | 'sequence'
  /** While other files run in other workers. */
  | 'beside'
  /** As alone, while other processes keep the processors busy. */
  | 'load';

export const CONDITIONS: readonly Condition[] = ['alone', 'shuffled', 'sequence', 'beside', 'load'];

/** One start of Jest, as data: the same one can be made again. */
export interface ProbeSpec {
  readonly condition: Condition;
  /** Files in the order in which they are started, as paths from the working directory. */
  readonly files: readonly string[];
  /** Jest workers; 1: all in one process. */
  readonly workers: number;
  /** Shuffles the tests in each file; null: as they are declared. */
  readonly randomizeSeed: number | null;
  /** Processes that keep a processor busy meanwhile. */
  readonly load: number;
  /** Full names of the only tests to run; null: all. */
  readonly tests: readonly string[] | null;
}

/** A test, or a file that failed as a whole. */
export interface ProbedTest {
  /** Of Jest; null where there is one, without a name. A file of two projects has each of its tests twice. */
  readonly project: string | null;
  readonly file: string;
  /** Null: the file. */
  readonly name: string | null;
}

export interface TestSight extends ProbedTest {
  /** Failed also where Jest tried it again and it passed then. */
  readonly outcome: 'passed' | 'failed';
  readonly durationMs: number | null;
  /** Its first error; null where it passed. */
  readonly error: string | null;
}

/** When a file ran, in milliseconds since 1970. */
export interface FileSpan {
  readonly file: string;
  readonly startMs: number;
  readonly endMs: number;
}

export interface ProbeResult {
  readonly spec: ProbeSpec;
  readonly sights: readonly TestSight[];
  /** Of files that ran. */
  readonly spans: readonly FileSpan[];
  /** Jest gave no results: its message. */
  readonly fault: string | null;
  /** Name of the host that made it, as a person gave it; absent where this machine alone makes them. */
  readonly host?: string;
}

/** In one worker, in the declared order, with nothing beside it: what a probe is but for what its condition changes. */
export const PLAIN_PROBE = { workers: 1, randomizeSeed: null, load: 0, tests: null } as const;

/** One key for probes that are made in the same way. */
export const probeKey = (spec: ProbeSpec): string => JSON.stringify(spec);

/** One key for one test. */
export const testKey = ({ project, file, name }: ProbedTest): string => JSON.stringify([project, file, name]);
