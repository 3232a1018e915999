/** What the in-memory queue keeps of one run: the same columns as the database's tables. */
import { fileKey, type TestFile } from '../plan/item';
import { sortForClaims } from './claim-order';
import type {
  AcceptedOutcome,
  Claimed,
  Decision,
  ExecutionRecord,
  JobRef,
  JoinRequest,
  JsonObject,
  Lease,
  QueueLimits,
  QueueSession,
} from './queue';

export interface MemorySession {
  readonly id: string;
  readonly node: string;
  readonly job: JobRef | null;
  readonly attempt: number;
  aliveUntilMs: number;
  left: boolean;
}

export interface MemoryItem {
  readonly id: number;
  readonly key: string;
  readonly file: TestFile;
  readonly part: string | null;
  readonly estimate: number;
  home: number | null;
  /** Position; requeued items have negative ones and so come first. */
  rank: number;
  state: 'queued' | 'leased' | 'done';
  attempt: number;
  claimNumber: number;
  settledClaim: number;
  crashes: number;
  failures: number;
  sessionId: string | null;
  owner: string | null;
  notNode: string | null;
  claimedAtMs: number | null;
  startedAtMs: number | null;
  outcome: AcceptedOutcome | null;
  durationMs: number | null;
}

interface MemoryExecution {
  record: ExecutionRecord;
  readonly sessionId: string;
  startMs: number | null;
  detail: JsonObject | null;
}

export interface MemoryFixture {
  state: 'setting-up' | 'ready' | 'tearing-down';
  claimNumber: number;
  /** Who sets it up or tears it down, or has set it up. */
  sessionId: string;
  /** Then another node may take over. */
  busyUntilMs: number;
  readonly users: Set<string>;
  result: string | null;
}

export interface MemoryRun {
  readonly id: string;
  readonly request: JoinRequest;
  readonly limits: QueueLimits;
  readonly items: MemoryItem[];
  readonly sessions: Map<string, MemorySession>;
  readonly executions: MemoryExecution[];
  /** By name. */
  readonly fixtures: Map<string, MemoryFixture>;
  attempt: number;
  sweptAtMs: number;
  /** By the queue's clock; null while it is not. */
  finishedAtMs: number | null;
  cancelledBy: string | null;
}

const REQUEUED = 1_000_000_000;

export function fillRun(id: string, request: JoinRequest, nowMs: number): MemoryRun {
  const items = sortForClaims(request.entries).map(
    ({ file, part, estimate, home }, index): MemoryItem => ({
      id: index + 1,
      key: fileKey(file, part),
      file,
      part,
      estimate,
      home,
      rank: index + 1,
      state: 'queued',
      attempt: 1,
      claimNumber: 0,
      settledClaim: 0,
      crashes: 0,
      failures: 0,
      sessionId: null,
      owner: null,
      notNode: null,
      claimedAtMs: null,
      startedAtMs: null,
      outcome: null,
      durationMs: null,
    }),
  );
  return {
    id,
    request,
    limits: request.limits,
    items,
    sessions: new Map(),
    executions: [],
    fixtures: new Map(),
    attempt: 1,
    sweptAtMs: nowMs,
    finishedAtMs: null,
    cancelledBy: null,
  };
}

/** Puts an item at the head of the queue. */
export function requeue(item: MemoryItem, notNode: string | null): void {
  item.state = 'queued';
  item.sessionId = null;
  item.startedAtMs = null;
  item.notNode = notNode;
  if (item.rank > 0) item.rank -= REQUEUED;
}

/**
 * The attempt that a node joins: it says so itself, or, where a re-run keeps the CI's attempt, another job of its name was
 * here before.
 */
export function attemptOf(run: MemoryRun, { attempt, node, job }: JoinRequest): number {
  if (job === null) return attempt;
  const attempts = (isSame: boolean) =>
    [...run.sessions.values()]
      .filter(
        (joined) => joined.node === node && joined.job?.name === job.name && (joined.job.id === job.id) === isSame,
      )
      .map((joined) => joined.attempt);
  const [mine, others] = [attempts(true), attempts(false)];
  if (mine.length > 0) return Math.max(attempt, ...mine);
  return others.length > 0 ? Math.max(attempt, ...others.map((one) => one + 1)) : attempt;
}

/** Puts back what a node owns and did not pass (or all it ran), once per attempt. Returns how many. */
export function reopen(run: MemoryRun, { attempt, node, rerun }: JoinRequest): number {
  const again = run.items.filter(
    (item) =>
      item.state === 'done' &&
      item.owner === node &&
      item.attempt < attempt &&
      (rerun === 'all' || item.outcome !== 'passed'),
  );
  if (attempt > run.attempt) run.cancelledBy = null;
  if (attempt > run.attempt || again.length > 0) run.finishedAtMs = null;
  run.attempt = Math.max(run.attempt, attempt);
  for (const item of again) {
    Object.assign(item, { state: 'queued', attempt, claimNumber: 0, settledClaim: 0, crashes: 0, failures: 0 });
    Object.assign(item, { sessionId: null, notNode: null, startedAtMs: null, outcome: null, durationMs: null });
  }
  return again.length;
}

/**
 * Items in the order in which a session may take them.
 *
 * Of those that a node died with, a session holds one at a time: two that ran side by side when it died would die side
 * by side again, and the innocent one would be blamed with the other.
 */
export function claimable(run: MemoryRun, session: QueueSession, nowMs: number): MemoryItem[] {
  const isAlone = ![...run.sessions.values()].some(
    (other) => other.node !== session.node && !other.left && other.aliveUntilMs > nowMs,
  );
  const queued = run.items.filter(({ state }) => state === 'queued').sort((a, b) => a.rank - b.rank);
  const open = queued.filter(({ notNode }) => notNode !== session.node || isAlone);
  const holdsSuspect = run.items.some(
    ({ state, sessionId, crashes }) => state === 'leased' && sessionId === session.sessionId && crashes > 0,
  );
  const suspect = holdsSuspect ? undefined : open.find(({ crashes }) => crashes > 0);
  const allowed = open.filter((item) => item.crashes === 0 || item === suspect);
  const tier = (item: MemoryItem): number => {
    if (item.rank < 0) return 0;
    if (item.home === null) return 1;
    return item.home === session.home ? 2 : 3;
  };
  return [0, 1, 2, 3].flatMap((wanted) => allowed.filter((item) => tier(item) === wanted));
}

export function toClaimed(item: MemoryItem): Claimed {
  const { id, attempt, claimNumber, key, file, part, estimate, failures, crashes } = item;
  return { itemId: id, attempt, claimNumber, key, file, part, estimate, failures, crashes };
}

export function isSame(a: Lease, b: Lease): boolean {
  return a.itemId === b.itemId && a.attempt === b.attempt && a.claimNumber === b.claimNumber;
}

/** Appends to the history; what was recorded as lost and then delivered late is overwritten. */
export function record(
  run: MemoryRun,
  item: MemoryItem,
  lease: Lease,
  execution: {
    readonly sessionId: string;
    readonly node: string | null;
    readonly decision: Decision | 'lost';
    readonly outcome: AcceptedOutcome | null;
    readonly durationMs: number | null;
    readonly startMs: number | null;
    readonly detail: JsonObject | null;
  },
): void {
  const { sessionId, startMs, detail, ...rest } = execution;
  const { itemId, attempt, claimNumber } = lease;
  const entry: ExecutionRecord = { itemId, attempt, claimNumber, key: item.key, ...rest };
  const lost = run.executions.find((made) => made.sessionId === sessionId && isSame(made.record, lease));
  if (lost === undefined) run.executions.push({ sessionId, record: entry, startMs, detail });
  else Object.assign(lost, { record: entry, startMs, detail });
}
