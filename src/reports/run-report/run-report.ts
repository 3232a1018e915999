/**
 * What people want to know of one run over all its nodes, as plain JSON: the terminal's summary, the markdown summary and
 * report.html are views of it, and the live dashboard fills the same shape from another source.
 *
 * Files and tests are listed once; whatever else speaks of them holds their index in `files` or `tests`.
 */
import type { TestFile } from '../../plan/item';
import type { HashBy } from '../../plan/plan';
import type { Finding } from '../../proof/finding';
import type { VerdictCounts } from '../../proof/proof';
import type { RepeatRecord } from '../../shell/reproduce-tests';
import type { Runner } from '../../shell/runner';
import type { ReportLinks } from './report-links';

/** Format that this version of the package writes; another major cannot be read, a newer minor only adds. */
export const REPORT_FORMAT = { name: 'jest-distributed-report', major: 1, minor: 2 } as const;

export interface RunReport {
  readonly format: { readonly name: string; readonly major: number; readonly minor: number };
  readonly run: ReportRun;
  readonly verdict: ReportVerdict;
  readonly totals: ReportTotals;
  readonly balance: ReportBalance;
  /** By number; a node whose blob is missing has its row too. */
  readonly nodes: readonly ReportNode[];
  /** Every file as a node ran it, by start; a split file stands here once for each of its nodes. The timeline. */
  readonly files: readonly ReportFile[];
  /** By file; `omitted.tests` says how many more ran. */
  readonly tests: readonly ReportTest[];
  readonly failures: readonly ReportFailure[];
  /** Failed tests that do not decide, because they are in quarantine; absent where there is none. */
  readonly quarantined?: readonly ReportQuarantined[];
  /** Tests and files that were tried more than once, those first that passed only on a later try. */
  readonly retries: readonly ReportRetry[];
  /** What failed files printed. */
  readonly consoles: readonly ReportConsole[];
  readonly slowest: {
    /** Indices in `files`: the first run of each file, ordered by what all its runs took together, slowest first. */
    readonly files: readonly number[];
    /** Indices in `tests`, slowest first. */
    readonly tests: readonly number[];
  };
  readonly omitted: ReportOmissions;
  /** Why files were split; absent where none was. */
  readonly splits?: readonly ReportSplit[];
  /** What differs from an earlier run; null or absent where none is known. */
  readonly base?: ReportBase | null;
}

export interface ReportRun {
  readonly id: string;
  /** The last attempt that any node made, from 1. */
  readonly attempt: number;
  readonly label: string | null;
  /** The series of runs that it is one of; absent where nothing is known of it. */
  readonly pipeline?: string;
  readonly commit: string | null;
  readonly provider: string | null;
  /** Addresses on the web; none where nobody knows them. */
  readonly links: ReportLinks;
  readonly packageVersion: string | null;
  /** All that nodes reported; more than one is worth a look. */
  readonly jestVersions: readonly string[];
  readonly nodeVersions: readonly string[];
  /** Milliseconds since 1970 of the first node's start; null where no node reported. */
  readonly startMs: number | null;
  /** From the first node's start to the last node's end, by their own clocks. */
  readonly durationMs: number;
  /** Name of the strategy that placed the files, null where nothing was placed. */
  readonly strategy: string | null;
  /** For the commands that repeat what ran. */
  readonly repeat: RepeatRecord;
  readonly runner: Runner;
}

export type TestOutcome =
  /** Every test ran exactly once and none failed. */
  | 'passed'
  /** Every test ran exactly once, but something failed. */
  | 'failed'
  /** It is not proven that every test ran exactly once, whatever the tests that did run say. */
  | 'unproven';

export interface ReportVerdict {
  /** Whether a pipeline may go on. */
  readonly ok: boolean;
  readonly outcome: TestOutcome;
  /** One sentence that holds the whole verdict. */
  readonly headline: string;
  /** What the proof has to say, errors first; of very long lists of items only the first ones. */
  readonly findings: readonly Finding[];
  readonly counts: VerdictCounts;
  /** What the queue's database says of it, a clause; null or absent where there is none. */
  readonly database?: string | null;
  /** What failed outside any test: `Coverage for lines (71 %) is below 80 %`. */
  readonly problems: readonly string[];
}

export interface TestTotals {
  readonly tests: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly todo: number;
  /** Passed, but only on a later try (`jest.retryTimes`, or sent on by the queue); counted under `passed` too. */
  readonly flaky: number;
  /** Failed, and in quarantine; not counted under `failed`. Absent where there is none. */
  readonly quarantined?: number;
}

export interface ReportTotals extends TestTotals {
  /** Test files; a split file counts once. */
  readonly files: number;
  readonly failedFiles: number;
  /** Of those, the ones without a failed test: they could not be loaded, for example. */
  readonly brokenFiles: number;
  /** Sum of the durations of all files: what one worker alone would have taken. */
  readonly busyMs: number;
}

export interface ReportBalance {
  /** makespan / lower bound of the plan, 1 is perfect; null where nothing was placed. */
  readonly planned: number | null;
  /** The same of what really happened; null where a node's part is not known. */
  readonly achieved: number | null;
  /** Longest time that the plan gave a node; null where it knew no durations. */
  readonly plannedMs: number | null;
  /** Longest time that a node really ran files for. */
  readonly realMs: number;
  /** max(all durations / (nodes × workers), longest file): no assignment could have been faster. */
  readonly lowerBoundMs: number;
}

export type NodeState =
  | 'complete'
  | 'interrupted'
  | 'bailed'
  /** Its blob has no end: the node died, or the file was cut. */
  | 'incomplete'
  /** It ran everything by itself, because the package was switched off. */
  | 'disabled'
  /** There is no blob of it. */
  | 'missing'
  /** Its report folder is not here; its results are from the queue's database. */
  | 'recovered';

export interface ReportNode extends TestTotals {
  /** 1-based. */
  readonly number: number;
  /** What its queue called it, with the attempt where it is a later one; null where it had a planned share. */
  readonly name: string | null;
  readonly state: NodeState;
  readonly attempt: number | null;
  readonly host: string | null;
  readonly platform: string | null;
  /** After the first node's start, by the clocks of the two machines; null where it did not report. */
  readonly startOffsetMs: number | null;
  /** Time the plan gave it; null where the plan knew no durations. */
  readonly plannedMs: number | null;
  readonly plannedFiles: number | null;
  /** From its start to its end, Jest's own start-up included; null where it did not report. */
  readonly realMs: number | null;
  readonly files: number;
  readonly failedFiles: number;
  /** Errors outside any test file, with colour codes. */
  readonly errors: readonly string[];
  /** Words of the command that repeats its share, the first of them `npx`, or null. */
  readonly repeat: readonly string[] | null;
}

export type FileStatus = 'passed' | 'failed' | 'skipped';

export interface ReportFile extends TestFile {
  /** 1-based. */
  readonly node: number;
  /** Jest worker, 1-based, or null where it is not known. */
  readonly worker: number | null;
  /** Name of that worker in the run, such as `n2w1`, or null where it is not known. */
  readonly workerName: string | null;
  /** Its slot on its host, from 0, or null where it is not known. */
  readonly slot: number | null;
  /** Which process of that worker, where it is known and not the first. */
  readonly workerProcess?: number;
  /** After the first node's start. */
  readonly startOffsetMs: number;
  readonly durationMs: number;
  readonly status: FileStatus;
  /** Names of the parts that ran here where the file is split, else null. */
  readonly parts: readonly string[] | null;
  readonly tests: number;
  readonly failed: number;
}

export type TestStatus = 'passed' | 'failed' | 'skipped' | 'todo';

export interface ReportTest {
  /** Index in `files`. */
  readonly file: number;
  /** Names of its describe blocks, then its own. */
  readonly titles: readonly string[];
  readonly status: TestStatus;
  /** Null where Jest has none: skipped, todo. */
  readonly durationMs: number | null;
  /** How often Jest ran it; more than once under `jest.retryTimes`. */
  readonly invocations: number;
}

export interface ReportFailure {
  /** Index in `files`. */
  readonly file: number;
  /** Indices in `files` of more runs of the same file that failed as a whole in the same way. */
  readonly repeats: readonly number[];
  /** Index in `tests`; null where the file failed as a whole. */
  readonly test: number | null;
  /** As Jest prints them: colour codes, code frame, stack. */
  readonly messages: readonly string[];
}

/** A failed test that does not decide. */
export interface ReportQuarantined extends ReportFailure {
  /** Full name of the test. */
  readonly name: string;
  readonly owner: string;
  readonly reason: string;
  readonly until: string;
  readonly issue: string | null;
}

export type TryKind =
  /** Jest ran the test again at once, by `jest.retryTimes`. */
  | 'rerun'
  /** The queue had the file run again, elsewhere where it could. */
  | 'retried'
  /** It came too late: another result counts. */
  | 'superseded'
  /** A later attempt of the CI job counts. */
  | 'replaced'
  /** Its node ended, or was not heard of any more, before it had a result. */
  | 'lost';

/** An execution that does not count. */
export interface ReportTry {
  readonly kind: TryKind;
  readonly outcome: 'passed' | 'failed' | 'lost';
  /** 1-based; null where that node left no blob. */
  readonly node: number | null;
  /** What its queue called the node; null where it had a planned share. */
  readonly nodeName: string | null;
  /** After the first node's start; null where it is not known, as in the following. */
  readonly startOffsetMs: number | null;
  readonly durationMs: number | null;
  /** Errors with their stacks; none where it passed, and where nothing kept them. */
  readonly messages: readonly string[];
}

/** A test, or a file as a whole, that was tried more than once. */
export interface ReportRetry extends TestFile {
  /** Index in `files` of the execution that counts; null where none does. */
  readonly file: number | null;
  /** Names of its describe blocks, then its own; null: the file as a whole. */
  readonly titles: readonly string[] | null;
  /** Index in `tests`; null for a file, and where the test is not listed. */
  readonly test: number | null;
  /** It passed in the end, after a failure. */
  readonly isFlaky: boolean;
  /** Number of executions, the one that counts among them. */
  readonly executions: number;
  /** Those that do not count, oldest first; of very many the first ones. */
  readonly tries: readonly ReportTry[];
}

export interface ConsoleEntry {
  /** `log`, `warn`, `error`, … */
  readonly type: string;
  readonly message: string;
  /** Where it was printed from, or ''. */
  readonly origin: string;
}

export interface ReportConsole {
  /** Index in `files`. */
  readonly file: number;
  readonly entries: readonly ConsoleEntry[];
}

/** What was left out so that the report stays readable; 0 where nothing was. */
interface ReportOmissions {
  readonly tests: number;
  readonly failures: number;
  /** Entries of `retries`. */
  readonly retries: number;
  /** Messages and console outputs that were cut or left out. */
  readonly texts: number;
}

/** A file that was placed in parts. */
export interface ReportSplit extends TestFile {
  readonly parts: number;
  readonly hashBy: HashBy;
  /** What the plan gave it as a whole; null where it knew no durations. */
  readonly estimateMs: number | null;
  /** All durations over all workers; null where the plan knew none. */
  readonly shareMs: number | null;
}

export interface BaseRunFacts {
  readonly id: string;
  readonly commit: string | null;
  readonly wallMs: number;
}

export interface FailedThen extends TestFile {
  /** Full name; null where the file failed as a whole. */
  readonly test: string | null;
}

export interface SlowerFile {
  /** Index in `files`. */
  readonly file: number;
  readonly baseMs: number;
  readonly nowMs: number;
}

/** The difference, as a part of the report. */
export interface ReportBase {
  /** Null: the recorded timings of earlier runs. */
  readonly run: BaseRunFacts | null;
  /** Files of both. */
  readonly commonFiles: number;
  readonly addedFiles: number;
  /** Null where the earlier runs may have been of more than this one. */
  readonly removedFiles: number | null;
  /** Sums over the files of both. */
  readonly baseMs: number;
  readonly nowMs: number;
  /** Indices in `failures` of those that failed then too; null where that is not known. */
  readonly oldFailures: readonly number[] | null;
  /** What failed then and passed now; of many the first ones. */
  readonly fixed: readonly FailedThen[];
  /** Files that take much longer, worst first. */
  readonly slower: readonly SlowerFile[];
}
