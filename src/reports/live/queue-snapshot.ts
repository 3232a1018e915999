/** How a run of the queue stands at one moment, as its database says it. Times in milliseconds by the queue's clock. */

import type { ReadDetail } from '../../blob/queue-detail';
import type { TestFile } from '../../plan/item';
import type { AcceptedOutcome, Decision } from '../../queue/outcome';
import type { RepeatRecord } from '../../shell/reproduce-tests';

/** What does not change while a run lasts. */
export interface QueuedRun {
  readonly pipeline: string;
  readonly runId: string;
  readonly commit: string | null;
  readonly createdMs: number;
  readonly items: readonly QueuedItem[];
  readonly repeat: RepeatRecord | null;
}

export interface QueuedItem {
  readonly id: number;
  readonly file: TestFile;
  readonly part: string | null;
  readonly estimate: number;
}

export interface SnapshotSession {
  readonly id: string;
  readonly node: string;
  readonly host: string | null;
  readonly joinedMs: number;
  readonly leftMs: number | null;
  /** Until then its lease lasts, or lasted. */
  readonly aliveUntilMs: number;
}

export interface SnapshotLease {
  readonly item: number;
  readonly session: string;
  readonly attempt: number;
  readonly claimNumber: number;
  readonly startedMs: number;
}

export interface SnapshotExecution {
  /** Rises with time, more or less: transactions end in another order than they begin. */
  readonly id: number;
  readonly item: number;
  readonly session: string;
  /** Null where no node is to blame. */
  readonly node: string | null;
  readonly attempt: number;
  readonly claimNumber: number;
  /** It was accepted, and a later attempt of the run has its file again. */
  readonly isReplaced: boolean;
  readonly decision: Decision | 'lost';
  readonly outcome: AcceptedOutcome | null;
  /** Null where the claim is not known any more. */
  readonly claimedMs: number | null;
  readonly finishedMs: number;
  readonly durationMs: number | null;
  /** Number of its tests by Jest's status. */
  readonly counts: Readonly<Record<string, number>>;
  /** Of one that did not pass; null of others. */
  readonly detail: ReadDetail | null;
}

export interface QueueSnapshot {
  readonly nowMs: number;
  /** The last one that began. */
  readonly attempt: number;
  readonly finishedMs: number | null;
  readonly cancelledMs: number | null;
  readonly cancelledBy: string | null;
  readonly sessions: readonly SnapshotSession[];
  readonly running: readonly SnapshotLease[];
  /** Those that were not in the last snapshot; some may have been. */
  readonly executions: readonly SnapshotExecution[];
}
