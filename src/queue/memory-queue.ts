/**
 * The queue in the memory of one process: for runs whose nodes are children of one owner, for simulations, and as the
 * readable version of what the database does in SQL.
 */
import { DistributedError } from '../errors';
import { judge } from './decide';
import {
  claimable,
  fillBuild,
  isSame,
  type MemoryBuild,
  type MemoryItem,
  type MemorySession,
  record,
  reopen,
  requeue,
  roundOf,
  toClaimed,
} from './memory-run';
import { planDifference } from './plan-difference';
import {
  type AcceptedResult,
  type BuildRef,
  type BuildState,
  type ItemResult,
  type JoinRequest,
  type Lease,
  MAX_LOSSES,
  type Queue,
  type QueueSession,
  type Settlement,
  type Swept,
  type UncountedTry,
} from './queue';
import { sessionGone } from './session-gone';

export interface MemoryQueueInit {
  /** The queue's clock, in milliseconds; only differences count. */
  readonly now: () => number;
  /** A time of that clock in milliseconds since 1970; default: not known. */
  readonly toEpochMs?: (ms: number) => number;
}

/** Builds live as long as the returned object. */
export function createMemoryQueue({ now, toEpochMs }: MemoryQueueInit): Queue {
  const builds = new Map<string, MemoryBuild>();
  const nameOf = ({ suite, build }: BuildRef) => JSON.stringify([suite, build]);
  const buildOf = (session: QueueSession): MemoryBuild => {
    const build = builds.get(nameOf(session));
    if (build === undefined) throw sessionGone(session);
    return build;
  };

  return {
    async join(request) {
      let build = builds.get(nameOf(request));
      const filled = build === undefined;
      if (build === undefined) {
        build = fillBuild(String(builds.size + 1), request, now());
        builds.set(nameOf(request), build);
      }
      const { digest, inputs, entries, node } = build.request;
      if (digest !== request.digest || isChanged(build, request, now()))
        throw planDifference(request, { digest, inputs, entries, node });
      const known = build.sessions.get(request.token);
      const round = known?.round ?? roundOf(build, request);
      const requeued = round > 1 ? reopen(build, { ...request, round }) : 0;
      const namesakes = [...build.sessions.values()].filter(
        (other) =>
          other.node === request.node && other.id !== request.token && !other.left && other.aliveUntilMs > now(),
      ).length;
      const aliveUntilMs = now() + build.limits.leaseMs;
      const { token, node: name, job } = request;
      build.sessions.set(token, { id: token, node: name, job, round, aliveUntilMs, left: false });
      return { session: seatOf(build, { ...request, round }), filled, requeued, namesakes };
    },

    async claim(session, { count, startNow, known }) {
      const build = buildOf(session);
      const seat = build.sessions.get(session.sessionId);
      if (seat === undefined || seat.left || build.cancelledBy !== null) return [];
      const forgotten = heldBy(build, session).filter(
        (item) => !known.some((lease) => isSame(lease, { itemId: item.id, ...item })),
      );
      const isKnown = new Set(known.map(({ itemId }) => itemId));
      const fresh = claimable(build, session, now())
        .filter(({ id }) => !isKnown.has(id))
        .slice(0, Math.max(0, count - forgotten.length));
      fresh.forEach((item, index) => {
        item.state = 'leased';
        item.attempt += 1;
        item.sessionId = session.sessionId;
        item.owner = session.node;
        item.claimedAtMs = now();
        item.startedAtMs = index + forgotten.length < startNow ? now() : null;
      });
      return [...forgotten, ...fresh].map(toClaimed);
    },

    async start(session, leases) {
      for (const item of heldBy(buildOf(session), session)) {
        if (isAmong(item, leases)) item.startedAtMs ??= now();
      }
    },

    async heartbeat(session) {
      const build = buildOf(session);
      const seat = build.sessions.get(session.sessionId);
      if (seat === undefined || seat.left) throw sessionGone(session);
      seat.aliveUntilMs = now() + build.limits.leaseMs;
      return { cancelledBy: build.cancelledBy, held: heldBy(build, session).map(leaseOf) };
    },

    async settle(session, results) {
      const build = buildOf(session);
      return results.map((result) => settleOne(build, session, result, now()));
    },

    async release(session, leases, elsewhere) {
      const back = heldBy(buildOf(session), session).filter((item) => isAmong(item, leases));
      for (const item of back) giveBack(item, elsewhere);
      return back.length;
    },

    async sweep(session, gateMs) {
      return sweepBuild(buildOf(session), session.sessionId, gateMs, now());
    },

    async expire(session) {
      const build = buildOf(session);
      const seat = build.sessions.get(session.sessionId);
      if (seat === undefined || seat.left) return { lost: 0, poison: 0 };
      seat.aliveUntilMs = Number.NEGATIVE_INFINITY;
      return sweepBuild(build, null, 0, now());
    },

    async finish(session) {
      return stateOf(buildOf(session));
    },

    async cancel(ref, by) {
      const build = builds.get(nameOf(ref));
      if (build === undefined || build.finished || build.cancelledBy !== null) return false;
      build.cancelledBy = by;
      return true;
    },

    async leave(session) {
      const build = buildOf(session);
      for (const item of heldBy(build, session)) giveBack(item, false);
      const seat = build.sessions.get(session.sessionId);
      if (seat !== undefined) seat.left = true;
    },

    async waiting(session, most) {
      const { items } = buildOf(session);
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

    async progress(session) {
      const { items } = buildOf(session);
      const count = (is: (item: MemoryItem) => boolean) => items.filter(is).length;
      return {
        queued: count(({ state }) => state === 'queued'),
        leased: count(({ state }) => state === 'leased'),
        passed: count(({ outcome }) => outcome === 'passed'),
        failed: count(({ outcome }) => outcome === 'failed'),
        poison: count(({ outcome }) => outcome === 'poison'),
      };
    },

    async failures(session) {
      return acceptedOf(buildOf(session)).filter(({ node, outcome }) => node === session.node && outcome !== 'passed');
    },

    async accepted(ref) {
      const build = builds.get(nameOf(ref));
      return build === undefined ? null : acceptedOf(build);
    },

    async tries(ref) {
      const build = builds.get(nameOf(ref));
      return build === undefined ? [] : triesOf(build, toEpochMs);
    },

    async history(ref) {
      return (builds.get(nameOf(ref))?.attempts ?? []).map((attempt) => attempt.record);
    },

    async close() {},
  };
}

function seatOf(build: MemoryBuild, { suite, build: name, token, node, home, round }: JoinRequest): QueueSession {
  return { suite, build: name, buildId: build.id, sessionId: token, node, home, round, limits: build.limits };
}

/** While nodes run, tests may write into the checkout that they share. */
function isChanged({ request, sessions }: MemoryBuild, { changes }: JoinRequest, nowMs: number): boolean {
  if (changes === null || request.changes === null || changes === request.changes) return false;
  return ![...sessions.values()].some(({ left, aliveUntilMs }) => !left && aliveUntilMs > nowMs);
}

function heldBy(build: MemoryBuild, { sessionId }: QueueSession): MemoryItem[] {
  return build.items.filter((item) => item.state === 'leased' && item.sessionId === sessionId);
}

function leaseOf({ id, round, attempt }: MemoryItem): Lease {
  return { itemId: id, round, attempt };
}

function isAmong(item: MemoryItem, leases: readonly Lease[]): boolean {
  return leases.some((lease) => isSame(lease, leaseOf(item)));
}

function giveBack(item: MemoryItem, elsewhere: boolean): void {
  if (elsewhere) {
    requeue(item, item.owner);
    return;
  }
  item.state = 'queued';
  item.sessionId = null;
  item.startedAtMs = null;
}

/** @param asker id of the session that asks, which is not dead; null: the queue itself. */
function sweepBuild(build: MemoryBuild, asker: string | null, gateMs: number, nowMs: number): Swept {
  if (nowMs - build.sweptAtMs < gateMs) return { lost: 0, poison: 0 };
  build.sweptAtMs = nowMs;
  const orphans = build.items.filter((item) => isOrphan(build, item, asker, nowMs));
  const poison = orphans.filter((item) => lose(build, item)).length;
  return { lost: orphans.length - poison, poison };
}

function isOrphan(build: MemoryBuild, item: MemoryItem, asker: string | null, nowMs: number): boolean {
  if (item.state !== 'leased') return false;
  const seat: MemorySession | undefined = build.sessions.get(item.sessionId ?? '');
  if (seat === undefined || seat.left || (seat.aliveUntilMs < nowMs && seat.id !== asker)) return true;
  return item.startedAtMs !== null && nowMs - item.startedAtMs > build.limits.maxFileMs;
}

/** Takes an item from its dead session. True where that made it poison. */
function lose(build: MemoryBuild, item: MemoryItem): boolean {
  const lease = leaseOf(item);
  const run = {
    sessionId: item.sessionId ?? '',
    node: item.owner,
    durationMs: null,
    startMs: item.claimedAtMs,
    detail: null,
  };
  const hasStarted = item.startedAtMs !== null;
  if (hasStarted) item.crashes += 1;
  const isPoison =
    (hasStarted && item.crashes >= build.limits.maxCrashes) || item.attempt - item.failures >= MAX_LOSSES;
  if (isPoison) {
    Object.assign(item, { state: 'done', outcome: 'poison', settled: item.attempt, sessionId: null });
    record(build, item, lease, { ...run, verdict: 'accepted', outcome: 'poison' });
  } else {
    requeue(item, hasStarted ? item.owner : item.notNode);
    item.home = null;
    record(build, item, lease, { ...run, verdict: 'lost', outcome: null });
  }
  return isPoison;
}

function settleOne(build: MemoryBuild, session: QueueSession, result: ItemResult, nowMs: number): Settlement {
  const { itemId, round, attempt } = result;
  const lease = { itemId, round, attempt };
  const item = build.items[itemId - 1];
  if (item === undefined) {
    throw new DistributedError({
      code: 'QUEUE_ITEM_UNKNOWN',
      message: `Build ${session.build} has no item ${itemId}.`,
      remedy: 'This is a fault of the caller: settle only what was claimed in the same build.',
    });
  }
  const told = build.attempts.find(
    (made) => made.sessionId === session.sessionId && isSame(made.record, lease),
  )?.record;
  // A superseded result is judged anew: it may have come before the claim that it belongs to was known.
  if (told?.verdict === 'accepted' || told?.verdict === 'retried') {
    return { ...lease, verdict: told.verdict, failures: item.failures };
  }
  const verdict = judge({ ...item, done: item.state === 'done' }, lease, result.outcome, build.limits.maxRetries);
  const isElsewhere = item.state === 'leased' && item.attempt > attempt;
  if (verdict !== 'superseded') {
    item.settled = attempt;
    if (result.outcome === 'failed') item.failures += 1;
  }
  if (verdict === 'accepted') {
    const { outcome, durationMs } = result;
    Object.assign(item, { state: 'done', outcome, durationMs, owner: session.node, sessionId: session.sessionId });
    item.notNode = null;
  } else if (verdict === 'retried' && !isElsewhere) {
    requeue(item, session.node);
    item.owner = session.node;
  }
  const { outcome, durationMs, detail } = result;
  const startMs = nowMs - durationMs;
  record(build, item, lease, {
    ...{ sessionId: session.sessionId, node: session.node, verdict, outcome, durationMs, startMs, detail },
  });
  return { ...lease, verdict, failures: item.failures };
}

function stateOf(build: MemoryBuild): BuildState {
  const queued = build.items.some(({ state }) => state === 'queued');
  const leased = build.items.some(({ state }) => state === 'leased');
  if (!queued && !leased) build.finished = true;
  return { finished: !queued && !leased, cancelledBy: build.cancelledBy, queued, leased };
}

function triesOf({ attempts, items }: MemoryBuild, toEpochMs: MemoryQueueInit['toEpochMs']): UncountedTry[] {
  return attempts.flatMap(({ record: made, startMs, detail }) => {
    const { verdict, outcome, ...rest } = made;
    const item = items[made.itemId - 1];
    if (item === undefined) return [];
    const isReplaced = verdict === 'accepted' && made.round < item.round && outcome !== 'passed';
    if (verdict === 'accepted' && !isReplaced) return [];
    const { file, part } = item;
    return [
      {
        ...{ ...rest, file, part, detail },
        verdict: verdict === 'accepted' ? 'replaced' : verdict,
        outcome: outcome === 'poison' ? null : outcome,
        startMs: startMs === null ? null : (toEpochMs?.(startMs) ?? null),
      },
    ];
  });
}

function acceptedOf(build: MemoryBuild): AcceptedResult[] {
  return build.items.flatMap(({ key, file, part, owner, round, settled, outcome, failures, durationMs }) =>
    outcome === null
      ? []
      : [
          {
            key,
            file,
            part,
            node: owner,
            round,
            attempt: settled,
            outcome,
            failures: outcome === 'failed' ? failures - 1 : failures,
            durationMs,
          },
        ],
  );
}
