/**
 * Snapshots of a queue's run → events.
 *
 * Nodes are numbered as they are named, and by the order in which they came where their names are no numbers. An
 * execution that is seen a second time is none, unless the queue has decided otherwise since.
 */
import type { LiveEvent, RunningItem } from './events';
import type { QueuedRun, QueueSnapshot, SnapshotExecution, SnapshotLease, SnapshotSession } from './queue-snapshot';

export interface QueueFollower {
  /** What happened since the last snapshot, in order. The first one begins the run. */
  next(snapshot: QueueSnapshot): LiveEvent[];
}

type NodeLife = 'alive' | 'left' | 'lost';

type Undated<Event> = Event extends unknown ? Omit<Event, 'at'> : never;

interface Timed {
  readonly at: number;
  readonly event: Undated<LiveEvent>;
}

/** Numbers for names; a name that is a number keeps it. */
function numberNodes() {
  const numbers = new Map<string, number>();
  const taken = new Set<number>();
  return (name: string): number => {
    const known = numbers.get(name);
    if (known !== undefined) return known;
    let number = /^[1-9]\d{0,5}$/.test(name) ? Number(name) : 1;
    while (taken.has(number)) number += 1;
    numbers.set(name, number);
    taken.add(number);
    return number;
  };
}

/** Names of nodes that are numbers come first, so that no other node takes theirs. */
const byName = (a: SnapshotSession, b: SnapshotSession): number =>
  Number(/^\d+$/.test(b.node)) - Number(/^\d+$/.test(a.node)) || a.joinedMs - b.joinedMs;

function lifeOf(sessions: readonly SnapshotSession[], nowMs: number): { life: NodeLife; at: number } {
  if (sessions.some(({ leftMs, aliveUntilMs }) => leftMs === null && aliveUntilMs > nowMs))
    return { life: 'alive', at: nowMs };
  const last = sessions.reduce((one, other) => (other.joinedMs > one.joinedMs ? other : one));
  return last.leftMs === null ? { life: 'lost', at: last.aliveUntilMs } : { life: 'left', at: last.leftMs };
}

const NO_RESULT = 'Every node that ran this file ended while it ran.';

/** Failed tests of an execution, or the file as a whole where none is known. */
function failuresOf({ outcome, detail }: SnapshotExecution): { test: string | null; error: string }[] {
  if (outcome === 'poison') return [{ test: null, error: NO_RESULT }];
  if (outcome !== 'failed') return [];
  const tests = (detail?.tests ?? []).filter(({ status }) => status === 'failed');
  const failure = detail?.failure ?? '';
  if (tests.length === 0) return [{ test: null, error: failure }];
  return tests.map(({ name, error }) => ({ test: name, error: typeof error === 'string' ? error : failure }));
}

const leaseKey = ({ item, session, attempt, claimNumber }: Omit<SnapshotLease, 'startedMs'>): string =>
  `${item}:${session}:${attempt}:${claimNumber}`;

/** @param toLocal the queue's clock → the clock of whoever is told. */
export function followQueue(run: QueuedRun, toLocal: (ms: number) => number = (ms) => ms): QueueFollower {
  const items = new Map(run.items.map((item) => [item.id, item]));
  let numberOf = numberNodes();
  let attempt: number | undefined;
  let lives = new Map<string, NodeLife>();
  let decided = new Map<string, string>();
  let started = new Set<string>();
  let hasEnded = false;

  const itemOf = (id: number): RunningItem | undefined => {
    const item = items.get(id);
    return item && { file: item.file, part: item.part };
  };

  const begin = ({ sessions, attempt: current }: QueueSnapshot): Timed => {
    attempt = current;
    numberOf = numberNodes();
    lives = new Map();
    decided = new Map();
    started = new Set();
    hasEnded = false;
    return {
      at: run.createdMs,
      event: {
        kind: 'run-started',
        id: run.runId,
        commit: run.commit,
        nodes: new Set(sessions.map(({ node }) => node)).size,
        ...{ workers: null, takesTurns: false, isQueued: true, unit: 'ms' },
        items: run.items.map(({ file, part, estimate }) => ({ file, part, estimate, node: null })),
        ...(run.repeat && { repeat: run.repeat }),
      },
    };
  };

  const nodeEvents = ({ sessions, nowMs }: QueueSnapshot): Timed[] => {
    const byNode = new Map<string, SnapshotSession[]>();
    for (const session of [...sessions].sort(byName)) {
      byNode.set(session.node, [...(byNode.get(session.node) ?? []), session]);
    }
    return [...byNode].flatMap(([name, own]): Timed[] => {
      const node = numberOf(name);
      const before = lives.get(name);
      const { life, at } = lifeOf(own, nowMs);
      lives.set(name, life);
      const last = own.at(-1) as SnapshotSession;
      const joinedMs = before === undefined ? Math.min(...own.map((one) => one.joinedMs)) : last.joinedMs;
      const begins = before === undefined || (life === 'alive' && before !== 'alive');
      const begin: Timed[] = begins
        ? [
            { at: joinedMs, event: { kind: 'node-started', node, name, host: last.host } },
            { at: joinedMs, event: { kind: 'node-ready', node, files: null } },
          ]
        : [];
      if (life === 'alive' || life === before) return begin;
      const end: Timed =
        life === 'left'
          ? { at, event: { kind: 'node-ended', node, exitCode: null, signal: null } }
          : { at, event: { kind: 'node-lost', node } };
      return [...begin, end];
    });
  };

  const startEvent = (lease: SnapshotLease, names: ReadonlyMap<string, string>): Timed[] => {
    const item = itemOf(lease.item);
    const name = names.get(lease.session);
    const key = leaseKey(lease);
    // What a lost node held is nobody's.
    if (item === undefined || name === undefined || lives.get(name) !== 'alive' || started.has(key)) return [];
    started.add(key);
    return [{ at: lease.startedMs, event: { kind: 'file-started', node: numberOf(name), ...item } }];
  };

  const executionEvents = (execution: SnapshotExecution): Timed[] => {
    const key = leaseKey(execution);
    const item = itemOf(execution.item);
    const { decision, outcome, finishedMs: at, durationMs, counts, node: name } = execution;
    if (item === undefined || execution.isReplaced || decided.get(key) === decision) return [];
    const isCorrection = decided.has(key);
    decided.set(key, decision);
    const node = numberOf(name ?? '1');
    const own = { node, ...item };
    const begin = (startMs: number): Timed[] => {
      if (started.has(key)) return [];
      started.add(key);
      return [{ at: startMs, event: { kind: 'file-started', ...own } }];
    };
    if (decision === 'lost') {
      return [...begin(execution.claimedMs ?? at), { at, event: { kind: 'file-lost', ...own } }];
    }
    // It came too late: whatever it says, another result counts.
    if (decision === 'superseded') return isCorrection ? [] : [{ at, event: { kind: 'file-withdrawn', ...own } }];
    const failures = failuresOf(execution).map(
      (failure): Timed => ({ at, event: { kind: 'test-failed', ...own, ...failure } }),
    );
    const first = begin(at - (durationMs ?? 0));
    const { passed = 0, failed = 0, pending = 0, skipped = 0, todo = 0, disabled = 0 } = counts;
    const end: Timed =
      decision === 'retried'
        ? { at, event: { kind: 'file-withdrawn', ...own } }
        : {
            at,
            event: {
              kind: 'file-ended',
              ...own,
              ...{ passed, failed, skipped: pending + skipped + todo + disabled, ok: outcome === 'passed' },
            },
          };
    return [...first, ...failures, end];
  };

  return {
    next(snapshot) {
      const { nowMs, sessions, running, executions, finishedMs, cancelledMs, cancelledBy } = snapshot;
      // A later attempt puts back what had its result: all is told anew.
      const begins = attempt === undefined || snapshot.attempt !== attempt;
      const first = begins ? [begin(snapshot)] : [];
      const names = new Map(sessions.map(({ id, node }) => [id, node]));
      const nodes = nodeEvents(snapshot);
      const results = [...executions].sort((a, b) => a.id - b.id).flatMap(executionEvents);
      const starts = running.flatMap((lease) => startEvent(lease, names));
      const isOver = finishedMs !== null || cancelledMs !== null;
      const isAlive = [...lives.values()].includes('alive');
      const ended: Timed[] = [];
      if (isOver && !isAlive && !hasEnded) {
        hasEnded = true;
        ended.push({
          at: finishedMs ?? cancelledMs ?? nowMs,
          event: { kind: 'run-ended', ...(cancelledBy !== null && finishedMs === null && { cancelledBy }) },
        });
      }
      const between = [...nodes, ...results, ...starts]
        .map((timed, index) => ({ ...timed, index }))
        .sort((a, b) => rankOf(a) - rankOf(b) || a.at - b.at || a.index - b.index);
      return [...first, ...between, ...ended].map(
        ({ at, event }) => ({ ...event, at: Math.round(toLocal(at)) }) as LiveEvent,
      );
    },
  };
}

/** Nodes are there before what they do, and gone after it, whatever the clocks say. */
function rankOf({ event: { kind } }: Timed): number {
  if (kind === 'node-started' || kind === 'node-ready') return 0;
  return kind === 'node-ended' || kind === 'node-lost' ? 2 : 1;
}
