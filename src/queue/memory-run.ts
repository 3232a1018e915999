/** What the in-memory queue keeps of one build: the same columns as the database's tables. */
import { fileKey, type TestFile } from '../plan/item';
import { rankEntries } from './claim-order';
import type {
  AcceptedOutcome,
  AttemptRecord,
  Claimed,
  JobRef,
  JoinRequest,
  JsonObject,
  Lease,
  QueueLimits,
  QueueSession,
  Verdict,
} from './queue';

export interface MemorySession {
  readonly id: string;
  readonly node: string;
  readonly job: JobRef | null;
  readonly round: number;
  aliveUntilMs: number;
  left: boolean;
}

export interface MemoryItem {
  readonly id: number;
  readonly key: string;
  readonly file: TestFile;
  readonly part: string | null;
  readonly expectedMs: number;
  home: number | null;
  /** Position; requeued items have negative ones and so come first. */
  rank: number;
  state: 'queued' | 'leased' | 'done';
  round: number;
  attempt: number;
  settled: number;
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

export interface MemoryAttempt {
  record: AttemptRecord;
  readonly sessionId: string;
  startMs: number | null;
  detail: JsonObject | null;
}

export interface MemoryBuild {
  readonly id: string;
  readonly request: JoinRequest;
  readonly limits: QueueLimits;
  readonly items: MemoryItem[];
  readonly sessions: Map<string, MemorySession>;
  readonly attempts: MemoryAttempt[];
  round: number;
  sweptAtMs: number;
  finished: boolean;
  cancelledBy: string | null;
}

const REQUEUED = 1_000_000_000;

export function fillBuild(id: string, request: JoinRequest, nowMs: number): MemoryBuild {
  const items = rankEntries(request.entries).map(
    ({ file, part, expectedMs, home }, index): MemoryItem => ({
      id: index + 1,
      key: fileKey(file, part),
      file,
      part,
      expectedMs,
      home,
      rank: index + 1,
      state: 'queued',
      round: 1,
      attempt: 0,
      settled: 0,
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
    attempts: [],
    round: 1,
    sweptAtMs: nowMs,
    finished: false,
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
 * The round that a node joins: its attempt says it, or, where a re-run keeps the attempt, that another job of this name
 * was here before.
 */
export function roundOf(build: MemoryBuild, { round, node, job }: JoinRequest): number {
  if (job === null) return round;
  const rounds = (isSame: boolean) =>
    [...build.sessions.values()]
      .filter((seat) => seat.node === node && seat.job?.name === job.name && (seat.job.id === job.id) === isSame)
      .map((seat) => seat.round);
  const [mine, others] = [rounds(true), rounds(false)];
  if (mine.length > 0) return Math.max(round, ...mine);
  return others.length > 0 ? Math.max(round, ...others.map((one) => one + 1)) : round;
}

/** Puts back what a node owns and did not pass (or all it ran), once per round. Returns how many. */
export function reopen(build: MemoryBuild, { round, node, rerun }: JoinRequest): number {
  const again = build.items.filter(
    (item) =>
      item.state === 'done' &&
      item.owner === node &&
      item.round < round &&
      (rerun === 'all' || item.outcome !== 'passed'),
  );
  if (round > build.round) build.cancelledBy = null;
  if (round > build.round || again.length > 0) build.finished = false;
  build.round = Math.max(build.round, round);
  for (const item of again) {
    Object.assign(item, { state: 'queued', round, attempt: 0, settled: 0, crashes: 0, failures: 0 });
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
export function claimable(build: MemoryBuild, session: QueueSession, nowMs: number): MemoryItem[] {
  const isAlone = ![...build.sessions.values()].some(
    (other) => other.node !== session.node && !other.left && other.aliveUntilMs > nowMs,
  );
  const queued = build.items.filter(({ state }) => state === 'queued').sort((a, b) => a.rank - b.rank);
  const open = queued.filter(({ notNode }) => notNode !== session.node || isAlone);
  const holdsSuspect = build.items.some(
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
  const { id, round, attempt, key, file, part, expectedMs, failures, crashes } = item;
  return { itemId: id, round, attempt, key, file, part, expectedMs, failures, crashes };
}

export function isSame(a: Lease, b: Lease): boolean {
  return a.itemId === b.itemId && a.round === b.round && a.attempt === b.attempt;
}

/** Appends to the history; what was recorded as lost and then delivered late is overwritten. */
export function record(
  build: MemoryBuild,
  item: MemoryItem,
  lease: Lease,
  run: {
    readonly sessionId: string;
    readonly node: string | null;
    readonly verdict: Verdict | 'lost';
    readonly outcome: AcceptedOutcome | null;
    readonly durationMs: number | null;
    readonly startMs: number | null;
    readonly detail: JsonObject | null;
  },
): void {
  const { sessionId, startMs, detail, ...rest } = run;
  const { itemId, round, attempt } = lease;
  const entry: AttemptRecord = { itemId, round, attempt, key: item.key, ...rest };
  const lost = build.attempts.find((made) => made.sessionId === sessionId && isSame(made.record, lease));
  if (lost === undefined) build.attempts.push({ sessionId, record: entry, startMs, detail });
  else Object.assign(lost, { record: entry, startMs, detail });
}
