/** Rows of what is asked of a run while it lasts → plain data. */
import { readDetail } from '../../blob/queue-detail';
import type { AcceptedOutcome, Decision } from '../../queue/outcome';
import type { JsonObject } from '../../queue/queue';
import type {
  QueuedItem,
  QueueSnapshot,
  SnapshotExecution,
  SnapshotLease,
  SnapshotSession,
} from '../../reports/live/queue-snapshot';
import type { SqlRow } from '../client/sql-client';
import { numberOrNull, text, textOrNull, toNamed } from '../row-mapping';

const OUTCOMES: readonly AcceptedOutcome[] = ['passed', 'failed', 'poison'];
const DECISIONS: readonly (Decision | 'lost')[] = ['accepted', 'retried', 'superseded', 'lost'];

interface ExecutionJson {
  readonly id: string;
  readonly item: number;
  readonly session: string;
  readonly node: string | null;
  readonly attempt: number;
  readonly claim_number: number;
  readonly decision: number;
  readonly outcome: number | null;
  readonly claimed_ms: number | null;
  readonly finished_ms: number;
  readonly duration_ms: number | null;
  readonly is_replaced: boolean | null;
  readonly counts: Readonly<Record<string, number>> | null;
  readonly detail: JsonObject | null;
}

function toExecution(row: ExecutionJson): SnapshotExecution {
  const { session, node, attempt, claim_number: claimNumber } = row;
  return {
    ...{ id: Number(row.id), item: row.item, session, node, attempt, claimNumber },
    isReplaced: row.is_replaced === true,
    decision: DECISIONS[row.decision - 1] ?? 'lost',
    outcome: row.outcome === null ? null : (OUTCOMES[row.outcome - 1] ?? null),
    claimedMs: row.claimed_ms,
    finishedMs: row.finished_ms,
    durationMs: row.duration_ms,
    counts: row.counts ?? {},
    detail: row.detail === null ? null : readDetail(row.detail),
  };
}

const list = <T>(json: unknown): readonly T[] => (json === null ? [] : (JSON.parse(text(json)) as readonly T[]));

export function toSnapshot(row: SqlRow): QueueSnapshot {
  return {
    nowMs: Number(row.now_ms),
    attempt: Number(row.attempt),
    finishedMs: numberOrNull(row.finished_ms),
    cancelledMs: numberOrNull(row.cancelled_ms),
    cancelledBy: textOrNull(row.cancelled_by),
    sessions: list<SnapshotSession>(row.sessions),
    running: list<SnapshotLease>(row.running),
    executions: list<ExecutionJson>(row.executions).map(toExecution),
  };
}

export function toItem(row: SqlRow): QueuedItem {
  const { file, part } = toNamed(row);
  return { id: Number(row.file_id), file, part, estimate: Number(row.estimate) };
}
