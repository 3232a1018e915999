/** Rows of the database → plain data of the contract, and back. */
import { fileKey } from '../plan/item';
import type {
  AcceptedOutcome,
  AcceptedResult,
  Claimed,
  Decision,
  ExecutionRecord,
  JsonObject,
  Lease,
  QueueEntry,
  QueueLimits,
  RunningItem,
  UncountedTry,
} from '../queue/queue';
import type { FixtureClaim, FixtureStep } from '../queue/run-fixtures';
import type { SqlRow } from './client/sql-client';

export const OUTCOME_NUMBERS = { passed: 1, failed: 2, poison: 3 } as const;
const OUTCOMES: readonly AcceptedOutcome[] = ['passed', 'failed', 'poison'];
const DECISIONS: readonly (Decision | 'lost')[] = ['accepted', 'retried', 'superseded', 'lost'];
export const NO_HOME = -1;

export const text = (value: unknown): string => String(value);
export const textOrNull = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value);
export const numberOrNull = (value: unknown): number | null =>
  value === null || value === undefined ? null : Number(value);

/** The key of a file's row: JSON, because a text of PostgreSQL holds no NUL, which `fileKey` uses. */
export function rowKey({ file, part }: Pick<QueueEntry, 'file' | 'part'>): string {
  return JSON.stringify([file.project, file.path, part]);
}

interface Named {
  readonly key: string;
  readonly file: { readonly project: string | null; readonly path: string };
  readonly part: string | null;
}

export function toNamed(row: SqlRow): Named {
  const file = { project: textOrNull(row.project), path: text(row.path) };
  const part = textOrNull(row.part);
  return { key: fileKey(file, part), file, part };
}

export function toClaimed(row: SqlRow): Claimed {
  return {
    itemId: Number(row.item_id),
    attempt: Number(row.attempt),
    claimNumber: Number(row.claim_number),
    ...toNamed(row),
    estimate: Number(row.estimate),
    failures: Number(row.failures),
    crashes: Number(row.crashes),
  };
}

export function toAccepted(row: SqlRow): AcceptedResult {
  return {
    ...toNamed(row),
    node: textOrNull(row.node),
    attempt: Number(row.attempt),
    claimNumber: Number(row.claim_number),
    outcome: toOutcome(row.outcome) as AcceptedOutcome,
    failures: Number(row.failures),
    durationMs: numberOrNull(row.duration_ms),
  };
}

export function toRunning(row: SqlRow): RunningItem {
  return { key: toNamed(row).key, node: text(row.node), runningMs: Number(row.running_ms) };
}

export function toExecution(row: SqlRow): ExecutionRecord {
  return {
    itemId: Number(row.file_id),
    attempt: Number(row.attempt),
    claimNumber: Number(row.claim_number),
    key: toNamed(row).key,
    node: textOrNull(row.node),
    decision: DECISIONS[Number(row.decision) - 1] as Decision | 'lost',
    outcome: toOutcome(row.outcome),
    durationMs: numberOrNull(row.duration_ms),
  };
}

export function toTry(row: SqlRow): UncountedTry {
  const { decision, outcome, ...rest } = toExecution(row);
  return {
    ...rest,
    ...toNamed(row),
    decision: decision === 'accepted' ? 'replaced' : decision,
    outcome: outcome === 'poison' ? null : outcome,
    startMs: row.start_ms === null ? null : Math.round(Number(row.start_ms)),
    detail: row.detail === null ? null : (JSON.parse(text(row.detail)) as JsonObject),
  };
}

export function toFixtureClaim(fixture: string, row: SqlRow): FixtureClaim {
  return { fixture, claimNumber: Number(row.claim_number) };
}

export function toFixtureStep(fixture: string, row: SqlRow): FixtureStep {
  const [kind, node, result] = [text(row.kind), text(row.node ?? ''), textOrNull(row.result)];
  if (kind === 'wait') return { kind, node };
  if (kind === 'ready') return { kind, node, result: result ?? '' };
  const claim = toFixtureClaim(fixture, row);
  // Whoever is the first has nothing to tidy up.
  return { kind: 'set-up', claim, leftover: claim.claimNumber === 1 ? null : { result } };
}

export function toDecision(number: unknown): Decision {
  return DECISIONS[Number(number) - 1] as Decision;
}

function toOutcome(number: unknown): AcceptedOutcome | null {
  return number === null || number === undefined ? null : (OUTCOMES[Number(number) - 1] ?? null);
}

export function toLimits(row: SqlRow): QueueLimits {
  return {
    leaseMs: Number(row.lease_ms),
    maxFileMs: Number(row.max_file_ms),
    maxCrashes: Number(row.max_crashes),
    maxRetries: Number(row.max_retries),
  };
}

/** A lease in one word, for arrays of them. */
export const leaseKey = ({ itemId, attempt, claimNumber }: Lease): string => `${itemId}:${attempt}:${claimNumber}`;

export function fromLeaseKey(word: string): Lease {
  const [itemId, attempt, claimNumber] = word.split(':').map(Number) as [number, number, number];
  return { itemId, attempt, claimNumber };
}

/** Three columns of leases, as the statements take them. */
export function leaseColumns(leases: readonly Lease[]): [number[], number[], number[]] {
  return [
    leases.map(({ itemId }) => itemId),
    leases.map(({ attempt }) => attempt),
    leases.map(({ claimNumber }) => claimNumber),
  ];
}

/** JSON that jsonb takes: it refuses NUL and half a surrogate pair, and names of tests hold what people type. */
export function toJsonb(detail: JsonObject | null): string | null {
  if (detail === null) return null;
  return JSON.stringify(detail, (_key, value) =>
    typeof value === 'string' ? value.replaceAll('\0', '\ufffd').replace(/\p{Surrogate}/gu, '\ufffd') : value,
  );
}
