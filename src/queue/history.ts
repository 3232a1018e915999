/** What a queue's database remembers, as plain data; durations in milliseconds, times as ISO 8601 in UTC. */
import type { TestFile } from '../plan/item';
import type { CampaignFinding, PastCampaign } from './campaign-record';
import type { AcceptedOutcome, Decision } from './outcome';

export interface RunSummary {
  readonly pipeline: string;
  readonly runId: string;
  readonly commit: string | null;
  /** As the first node knew it; null where HEAD was detached and no variable of a CI named one. */
  readonly branch: string | null;
  /** 2 and more: jobs were run again. */
  readonly attempt: number;
  /** `abandoned`: not finished, and no node of it lives. */
  readonly state: 'running' | 'passed' | 'failed' | 'cancelled' | 'abandoned';
  readonly cancelledBy: string | null;
  readonly createdAt: string;
  /** From the first node's join to the last result, or until now. */
  readonly wallMs: number;
  /** Sum of the accepted runs. */
  readonly busyMs: number;
  readonly nodes: number;
  readonly items: number;
  readonly passed: number;
  readonly failed: number;
  readonly poison: number;
  readonly flaky: number;
}

/** One run of a file or of a test in a run. */
export interface PastExecution {
  readonly pipeline: string;
  readonly runId: string;
  readonly commit: string | null;
  readonly file: TestFile;
  readonly part: string | null;
  /** Full name, or null for a run of the whole file. */
  readonly test: string | null;
  readonly node: string | null;
  readonly attempt: number;
  readonly claimNumber: number;
  readonly decision: Decision | 'lost';
  /** Of a test: Jest's status. Null where the run was lost. */
  readonly outcome: AcceptedOutcome | string | null;
  readonly durationMs: number | null;
  readonly finishedAt: string;
  /** Why it failed, as far as that is kept; null where it did not, and where nothing is known. */
  readonly error: string | null;
  /** Its tests that failed, with the first error of each as far as that is kept. */
  readonly failed: readonly { readonly test: string; readonly error: string | null }[];
  /** Tests that Jest ran again within this run (`jest.retryTimes`). */
  readonly retries: readonly PastRetry[];
  /** Where it is no execution of the suite, but a campaign of `grind`; else null. */
  readonly campaign: PastCampaign | null;
}

/** Tries of a test that others followed in one run of its file. */
interface PastRetry {
  /** Full name. */
  readonly test: string;
  /** One for each try, oldest first; null where it is not kept. */
  readonly errors: readonly (string | null)[];
}

/** One failure of what also passed. */
export interface FlakyFailure {
  readonly runId: string;
  readonly node: string | null;
  readonly attempt: number;
  readonly claimNumber: number;
  /** When the run of its file ended. */
  readonly finishedAt: string;
  /** Jest ran the test again in the same run of its file (`jest.retryTimes`). */
  readonly wasRerun: boolean;
  readonly error: string | null;
}

/** What passed and failed on one commit. */
export interface FlakyEntry {
  readonly pipeline: string;
  readonly file: TestFile;
  /** Full name, or null where the file as a whole is meant. */
  readonly test: string | null;
  /** How many commits it was seen on. */
  readonly commits: number;
  readonly passed: number;
  readonly failed: number;
  readonly lastAt: string;
  /** Newest first. */
  readonly failures: readonly FlakyFailure[];
  /** What the last campaign of `grind` over its file found; null where there was none. */
  readonly lastCampaign: LastCampaign | null;
}

export interface LastCampaign extends Omit<CampaignFinding, 'test'> {
  readonly runId: string;
  readonly finishedAt: string;
}

export interface SlowEntry {
  readonly pipeline: string;
  readonly file: TestFile;
  readonly test: string | null;
  readonly executions: number;
  readonly meanMs: number;
  readonly longestMs: number;
}

export interface PastEstimate {
  readonly file: TestFile;
  readonly part: string | null;
  /** Null where it never passed. */
  readonly meanMs: number | null;
  /** It did not pass in the last finished run: of the branch where that has one, else of the pipeline. */
  readonly failedLast: boolean;
}

/** What counted of one item in an earlier run. */
export interface BaseResult {
  readonly file: TestFile;
  readonly part: string | null;
  readonly durationMs: number | null;
  readonly ok: boolean;
  /** Full names of its tests that failed, as far as they are kept. */
  readonly failed: readonly string[];
}

/** An earlier run, to compare another one with. */
export interface BaseRunRecord {
  readonly runId: string;
  readonly commit: string | null;
  readonly wallMs: number;
  readonly results: readonly BaseResult[];
}

export interface HistoryFilter {
  /** Only of this pipeline. */
  readonly pipeline?: string;
  /** Only what ended in the last so many days. */
  readonly days?: number;
  /** Rows at most; default 20. */
  readonly limit?: number;
}

interface Pruned {
  readonly runs: number;
  readonly executions: number;
  readonly files: number;
}

export interface QueueHistory {
  /** Newest first. */
  runs(filter?: HistoryFilter & { readonly runId?: string }): Promise<readonly RunSummary[]>;
  /**
   * Runs of the files whose path is, or ends with, `what`; where none is, of the tests whose full name contains it.
   * Newest first.
   */
  executions(what: string, filter?: HistoryFilter): Promise<readonly PastExecution[]>;
  /** Tests that passed and failed on one commit, and files that did so without a test to blame; most failures first. */
  flaky(filter?: HistoryFilter): Promise<readonly FlakyEntry[]>;
  /** By mean duration of accepted passes. */
  slow(of: 'files' | 'tests', filter?: HistoryFilter): Promise<readonly SlowEntry[]>;
  /**
   * The finished run of a pipeline that a run is compared with: of the first of these commits that has one, else the
   * newest. Null where there is none.
   */
  base(pipeline: string, runId: string, commits: readonly string[]): Promise<BaseRunRecord | null>;
  /** Mean durations of a pipeline, and what failed last time, for planning. */
  estimates(pipeline: string, branch: string | null): Promise<readonly PastEstimate[]>;
  /**
   * Deletes runs that began before so many days, with all that belongs to them; never one whose nodes live.
   *
   * @param onProgress gets now and then what is gone so far.
   */
  prune(days: number, onProgress?: (soFar: Pruned) => void): Promise<Pruned>;
}
