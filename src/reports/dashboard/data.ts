/** What the dashboard asks, whoever knows it: plain JSON both ways. Times as ISO 8601, durations in milliseconds. */
import type { FlakyEntry, HistoryFilter, PastExecution, RunSummary, SlowEntry } from '../../queue/history';
import type { RepeatRecord } from '../../shell/reproduce-tests';
import type { Runner } from '../../shell/runner';
import type { EventSource } from '../live/event-source';
import type { ReportLinks } from '../run-report/report-links';

/** Everything absent is not asked for. */
export interface RunFilter extends HistoryFilter {
  readonly branch?: string;
  /** Its beginning. */
  readonly commit?: string;
  readonly node?: string;
  /** Name of the host that a node ran on. */
  readonly machine?: string;
  readonly state?: RunSummary['state'];
}

export interface RunRow extends RunSummary {
  /** In the database: two pipelines may have runs of one id. */
  readonly id: string;
}

/** What is known of a run before its first event. */
export interface RunFacts {
  readonly id: string;
  readonly pipeline: string;
  readonly runId: string;
  readonly commit: string | null;
  readonly branch: string | null;
  readonly createdAt: string;
  readonly links: ReportLinks;
  readonly repeat: RepeatRecord;
  readonly runner: Runner;
}

export interface OpenedRun {
  readonly facts: RunFacts;
  readonly source: EventSource;
}

/** A failure of a test, or of a file as a whole. */
export interface PastFailure
  extends Pick<PastExecution, 'pipeline' | 'runId' | 'commit' | 'file' | 'part' | 'test' | 'node'> {
  /** Row of the run, for its page. */
  readonly id: string;
  readonly error: string;
  readonly machine: string | null;
  /** False where the queue sent the file on, or another result counts. */
  readonly isCounted: boolean;
  readonly finishedAt: string;
}

export interface ExecutionRow extends PastExecution {
  readonly id: string;
  readonly machine: string | null;
}

/** One file, or one of its tests, over time. */
export interface ExecutionFilter extends HistoryFilter {
  readonly project: string | null;
  readonly path: string;
  /** Full name. */
  readonly test?: string;
}

/** Values to choose from; of many the ones of the newest runs. */
export interface Facets {
  readonly pipelines: readonly string[];
  readonly branches: readonly string[];
  readonly machines: readonly string[];
}

export interface DashboardFacts {
  /** Where the data is from, without secrets. */
  readonly place: string;
  /** There are runs besides the one that goes on. */
  readonly hasHistory: boolean;
}

export interface DashboardData {
  readonly facts: DashboardFacts;
  facets(): Promise<Facets>;
  /** Newest first. */
  runs(filter: RunFilter): Promise<readonly RunRow[]>;
  /** Null where there is no such run. */
  open(id: string): Promise<OpenedRun | null>;
  /** Newest first. */
  executions(filter: ExecutionFilter): Promise<readonly ExecutionRow[]>;
  /** Newest first. */
  failures(filter: RunFilter): Promise<readonly PastFailure[]>;
  flaky(filter: HistoryFilter): Promise<readonly FlakyEntry[]>;
  slow(of: 'files' | 'tests', filter: HistoryFilter): Promise<readonly SlowEntry[]>;
}
