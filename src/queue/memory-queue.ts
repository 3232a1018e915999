/**
 * The queue in the memory of one process: for runs whose nodes are children of one owner, for simulations, and as the
 * readable version of what the database does in SQL.
 */
import { DistributedError } from '../errors';
import { decide } from './decide';
import { askFixture, leaveFixture, removeFixture, settleFixture } from './memory-fixtures';
import {
  attemptOf,
  claimable,
  fillRun,
  isSame,
  type MemoryItem,
  type MemoryRun,
  type MemorySession,
  record,
  reopen,
  requeue,
  toClaimed,
} from './memory-run';
import { planDifference } from './plan-difference';
import type {
  AcceptedResult,
  ItemResult,
  JoinRequest,
  Lease,
  Queue,
  QueueSession,
  QueueState,
  RunRef,
  Settlement,
  Swept,
  UncountedTry,
} from './queue';
import { sessionGone } from './session-gone';

export interface MemoryQueueInit {
  /** The queue's clock, in milliseconds; only differences count. */
  readonly now: () => number;
  /** A time of that clock in milliseconds since 1970; default: not known. */
  readonly toEpochMs?: (ms: number) => number;
}

/** Runs live as long as the returned object. */
export function createMemoryQueue({ now, toEpochMs }: MemoryQueueInit): Queue {
  const runs = new Map<string, MemoryRun>();
  const nameOf = ({ pipeline, runId }: RunRef) => JSON.stringify([pipeline, runId]);
  const runOf = (session: QueueSession): MemoryRun => {
    const run = runs.get(nameOf(session));
    if (run === undefined) throw sessionGone(session);
    return run;
  };

  return {
    async join(request) {
      let run = runs.get(nameOf(request));
      const filled = run === undefined;
      if (run === undefined) {
        run = fillRun(String(runs.size + 1), request, now());
        runs.set(nameOf(request), run);
      }
      const { digest, inputs, entries, node } = run.request;
      if (digest !== request.digest || isChanged(run, request, now()))
        throw planDifference(request, { digest, inputs, entries, node });
      const known = run.sessions.get(request.token);
      const attempt = known?.attempt ?? attemptOf(run, request);
      const { finishedAtMs } = run;
      const requeued = attempt > 1 ? reopen(run, { ...request, attempt }) : 0;
      const sameNameSessions = [...run.sessions.values()].filter(
        (other) =>
          other.node === request.node && other.id !== request.token && !other.left && other.aliveUntilMs > now(),
      ).length;
      const aliveUntilMs = now() + run.limits.leaseMs;
      const { token, node: name, job } = request;
      run.sessions.set(token, { id: token, node: name, job, attempt, aliveUntilMs, left: false });
      const finishedAgoMs = finishedAtMs === null || requeued > 0 ? null : now() - finishedAtMs;
      return { session: sessionOf(run, { ...request, attempt }), filled, requeued, finishedAgoMs, sameNameSessions };
    },

    async claim(session, { count, startNow, known }) {
      const run = runOf(session);
      const joined = run.sessions.get(session.sessionId);
      if (joined === undefined || joined.left || run.cancelledBy !== null) return [];
      const unknown = heldBy(run, session).filter(
        (item) => !known.some((lease) => isSame(lease, { itemId: item.id, ...item })),
      );
      const isKnown = new Set(known.map(({ itemId }) => itemId));
      const fresh = claimable(run, session, now())
        .filter(({ id }) => !isKnown.has(id))
        .slice(0, Math.max(0, count - unknown.length));
      fresh.forEach((item, index) => {
        item.state = 'leased';
        item.claimNumber += 1;
        item.sessionId = session.sessionId;
        item.owner = session.node;
        item.claimedAtMs = now();
        item.startedAtMs = index + unknown.length < startNow ? now() : null;
      });
      return [...unknown, ...fresh].map(toClaimed);
    },

    async start(session, leases) {
      for (const item of heldBy(runOf(session), session)) {
        if (isAmong(item, leases)) item.startedAtMs ??= now();
      }
    },

    async heartbeat(session) {
      const run = runOf(session);
      const joined = run.sessions.get(session.sessionId);
      if (joined === undefined || joined.left) throw sessionGone(session);
      joined.aliveUntilMs = now() + run.limits.leaseMs;
      return { cancelledBy: run.cancelledBy, held: heldBy(run, session).map(leaseOf) };
    },

    async settle(session, results) {
      const run = runOf(session);
      return results.map((result) => settleOne(run, session, result, now()));
    },

    async sweep(session, gateMs) {
      return sweepRun(runOf(session), session.sessionId, gateMs, now());
    },

    async expire(session) {
      const run = runOf(session);
      const joined = run.sessions.get(session.sessionId);
      if (joined === undefined || joined.left) return { lost: 0, poison: 0 };
      joined.aliveUntilMs = Number.NEGATIVE_INFINITY;
      return sweepRun(run, null, 0, now());
    },

    async finish(session) {
      return stateOf(runOf(session), now());
    },

    async cancel(ref, by) {
      const run = runs.get(nameOf(ref));
      if (run === undefined || run.finishedAtMs !== null || run.cancelledBy !== null) return false;
      run.cancelledBy = by;
      return true;
    },

    async leave(session) {
      const run = runOf(session);
      for (const item of heldBy(run, session)) giveBack(item);
      const joined = run.sessions.get(session.sessionId);
      if (joined !== undefined) joined.left = true;
    },

    async waiting(session, most) {
      const { items } = runOf(session);
      const running = items
        .filter(({ state }) => state === 'leased')
        .map(({ key, owner, startedAtMs, claimedAtMs }) => ({
          key,
          node: owner ?? '',
          runningMs: now() - (startedAtMs ?? claimedAtMs ?? now()),
        }))
        .sort((one, other) => other.runningMs - one.runningMs);
      const open = items.filter(({ state }) => state !== 'done').length;
      return { items: items.length, open, running: running.slice(0, most) };
    },

    async failures(session, of) {
      const failed = acceptedOf(runOf(session)).filter(({ outcome }) => outcome !== 'passed');
      return of === 'run' ? failed : failed.filter(({ node }) => node === session.node);
    },

    async accepted(ref) {
      const run = runs.get(nameOf(ref));
      return run === undefined ? null : acceptedOf(run);
    },

    async begun(ref) {
      const items = runs.get(nameOf(ref))?.items ?? [];
      return items
        .filter(({ state, startedAtMs }) => state === 'leased' && startedAtMs !== null)
        .map(({ key, owner }) => ({ key, node: owner ?? '' }));
    },

    async tries(ref) {
      const run = runs.get(nameOf(ref));
      return run === undefined ? [] : triesOf(run, toEpochMs);
    },

    async askFixture(session, fixture, limitMs) {
      return askFixture(runOf(session), session, fixture, limitMs, now());
    },

    async settleFixture(session, claim, result) {
      return settleFixture(runOf(session), session, claim, result);
    },

    async leaveFixture(session, fixture, limitMs) {
      return leaveFixture(runOf(session), session, fixture, limitMs, now());
    },

    async removeFixture(session, claim) {
      removeFixture(runOf(session), session, claim);
    },

    async history(ref) {
      return (runs.get(nameOf(ref))?.executions ?? []).map((attempt) => attempt.record);
    },

    async close() {},
  };
}

function sessionOf(run: MemoryRun, { pipeline, runId: name, token, node, home, attempt }: JoinRequest): QueueSession {
  return { pipeline, runId: name, runRowId: run.id, sessionId: token, node, home, attempt, limits: run.limits };
}

/** While nodes run, tests may write into the checkout that they share. */
function isChanged({ request, sessions }: MemoryRun, { changes }: JoinRequest, nowMs: number): boolean {
  if (changes === null || request.changes === null || changes === request.changes) return false;
  return ![...sessions.values()].some(({ left, aliveUntilMs }) => !left && aliveUntilMs > nowMs);
}

function heldBy(run: MemoryRun, { sessionId }: QueueSession): MemoryItem[] {
  return run.items.filter((item) => item.state === 'leased' && item.sessionId === sessionId);
}

function leaseOf({ id, attempt, claimNumber }: MemoryItem): Lease {
  return { itemId: id, attempt, claimNumber };
}

function isAmong(item: MemoryItem, leases: readonly Lease[]): boolean {
  return leases.some((lease) => isSame(lease, leaseOf(item)));
}

function giveBack(item: MemoryItem): void {
  item.state = 'queued';
  item.sessionId = null;
  item.startedAtMs = null;
}

/** @param asker id of the session that asks, which is not dead; null: the queue itself. */
function sweepRun(run: MemoryRun, asker: string | null, gateMs: number, nowMs: number): Swept {
  if (nowMs - run.sweptAtMs < gateMs) return { lost: 0, poison: 0 };
  run.sweptAtMs = nowMs;
  const orphans = run.items.filter((item) => isOrphan(run, item, asker, nowMs));
  const poison = orphans.filter((item) => lose(run, item)).length;
  return { lost: orphans.length - poison, poison };
}

function isOrphan(run: MemoryRun, item: MemoryItem, asker: string | null, nowMs: number): boolean {
  if (item.state !== 'leased') return false;
  const joined: MemorySession | undefined = run.sessions.get(item.sessionId ?? '');
  if (joined === undefined || joined.left || (joined.aliveUntilMs < nowMs && joined.id !== asker)) return true;
  return item.startedAtMs !== null && nowMs - item.startedAtMs > run.limits.maxFileMs;
}

/** Takes an item from its dead session. True where that made it poison. */
function lose(run: MemoryRun, item: MemoryItem): boolean {
  const lease = leaseOf(item);
  const loss = {
    sessionId: item.sessionId ?? '',
    node: item.owner,
    durationMs: null,
    startMs: item.claimedAtMs,
    detail: null,
  };
  const hasStarted = item.startedAtMs !== null;
  if (hasStarted) item.crashes += 1;
  const isPoison = hasStarted && item.crashes >= run.limits.maxCrashes;
  if (isPoison) {
    Object.assign(item, { state: 'done', outcome: 'poison', settledClaim: item.claimNumber, sessionId: null });
    record(run, item, lease, { ...loss, decision: 'accepted', outcome: 'poison' });
  } else {
    requeue(item, hasStarted ? item.owner : item.notNode);
    item.home = null;
    record(run, item, lease, { ...loss, decision: 'lost', outcome: null });
  }
  return isPoison;
}

function settleOne(run: MemoryRun, session: QueueSession, result: ItemResult, nowMs: number): Settlement {
  const { itemId, attempt, claimNumber } = result;
  const lease = { itemId, attempt, claimNumber };
  const item = run.items[itemId - 1];
  if (item === undefined) {
    throw new DistributedError({
      code: 'QUEUE_ITEM_UNKNOWN',
      message: `Run ${session.runId} has no item ${itemId}.`,
      remedy: 'This is an error of the caller: settle only items that were claimed in the same run.',
    });
  }
  const recorded = run.executions.find(
    (made) => made.sessionId === session.sessionId && isSame(made.record, lease),
  )?.record;
  // A superseded result is judged anew: it may have come before the claim that it belongs to was known.
  if (recorded?.decision === 'accepted' || recorded?.decision === 'retried') {
    return { ...lease, decision: recorded.decision, failures: item.failures };
  }
  const decision = decide({ ...item, done: item.state === 'done' }, lease, result.outcome, run.limits.maxRetries);
  const isElsewhere = item.state === 'leased' && item.claimNumber > claimNumber;
  if (decision !== 'superseded') {
    item.settledClaim = claimNumber;
    if (result.outcome === 'failed') item.failures += 1;
  }
  if (decision === 'accepted') {
    const { outcome, durationMs } = result;
    Object.assign(item, { state: 'done', outcome, durationMs, owner: session.node, sessionId: session.sessionId });
    item.notNode = null;
  } else if (decision === 'retried' && !isElsewhere) {
    requeue(item, session.node);
    item.owner = session.node;
  }
  const { outcome, durationMs, detail } = result;
  const startMs = nowMs - durationMs;
  record(run, item, lease, {
    ...{ sessionId: session.sessionId, node: session.node, decision, outcome, durationMs, startMs, detail },
  });
  return { ...lease, decision, failures: item.failures };
}

function stateOf(run: MemoryRun, nowMs: number): QueueState {
  const queued = run.items.some(({ state }) => state === 'queued');
  const leased = run.items.some(({ state }) => state === 'leased');
  if (!queued && !leased) run.finishedAtMs ??= nowMs;
  return { finished: !queued && !leased, cancelledBy: run.cancelledBy, queued, leased };
}

function triesOf({ executions, items }: MemoryRun, toEpochMs: MemoryQueueInit['toEpochMs']): UncountedTry[] {
  return executions.flatMap(({ record: made, startMs, detail }) => {
    const { decision, outcome, ...rest } = made;
    const item = items[made.itemId - 1];
    if (item === undefined) return [];
    const isReplaced = decision === 'accepted' && made.attempt < item.attempt && outcome !== 'passed';
    if (decision === 'accepted' && !isReplaced) return [];
    const { file, part } = item;
    return [
      {
        ...{ ...rest, file, part, detail },
        decision: decision === 'accepted' ? 'replaced' : decision,
        outcome: outcome === 'poison' ? null : outcome,
        startMs: startMs === null ? null : (toEpochMs?.(startMs) ?? null),
      },
    ];
  });
}

function acceptedOf(run: MemoryRun): AcceptedResult[] {
  return run.items.flatMap(({ key, file, part, owner, attempt, settledClaim, outcome, failures, durationMs }) =>
    outcome === null
      ? []
      : [
          {
            key,
            file,
            part,
            node: owner,
            attempt,
            claimNumber: settledClaim,
            outcome,
            failures: outcome === 'failed' ? failures - 1 : failures,
            durationMs,
          },
        ],
  );
}
