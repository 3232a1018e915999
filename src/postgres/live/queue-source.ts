/** The events of a queue's run, by asking its database now and then. A role that may only read suffices. */
import { setTimeout as sleep } from 'node:timers/promises';
import { inflateRawSync } from 'node:zlib';
import { type BlobIdentity, parseBlobLine } from '../../blob/blob-lines';
import type { EventSource, FollowEnd } from '../../reports/live/event-source';
import { followQueue } from '../../reports/live/queue-events';
import type { QueueSnapshot, SnapshotExecution } from '../../reports/live/queue-snapshot';
import { quoteSchema } from '../client/schema-name';
import type { SqlClient } from '../client/sql-client';
import { numberOrNull, text, textOrNull } from '../row-mapping';
import { toItem, toSnapshot } from './rows';
import { findWatched, listItems, pollRun } from './statements';

/** A run that can be followed. */
export interface WatchedRun {
  /** Its row. */
  readonly id: string;
  readonly pipeline: string;
  readonly runId: string;
  readonly commit: string | null;
  readonly branch: string | null;
  readonly createdMs: number;
  readonly leaseMs: number;
  /** What the node that came first said of itself; null where it keeps no results. */
  readonly identity: BlobIdentity | null;
}

export interface WatchFilter {
  readonly runId?: string | undefined;
  readonly pipeline?: string | undefined;
  /** Its row. */
  readonly id?: string | undefined;
}

/** Between two questions: what happens is told within twice that. */
const POLL_MS = 1_000;

/** A transaction may end so long after others that began later; ids are given at the beginning. */
const OVERLAP_MS = 5_000;

/** Executions that one question brings: some megabytes. */
const AT_ONCE = 5_000;

/** Decisions that may still change: a result may come after its file was lost. */
const MOST_OPEN = 1_000;

/** A head is a line of some kilobytes. */
const LONGEST_HEAD = 2 ** 24;

function readIdentity(head: unknown): BlobIdentity | null {
  if (!(head instanceof Uint8Array)) return null;
  try {
    const line = inflateRawSync(head, { maxOutputLength: LONGEST_HEAD }).toString('utf8').trimEnd();
    const parsed = parseBlobLine(line, { file: 'the database', line: 1 });
    return parsed.kind === 'run' ? parsed.identity : null;
  } catch {
    // Of another version: commands that repeat a test are then not known.
    return null;
  }
}

/** The run of that id; without one the newest that runs, or else the newest. Null where there is none. */
export async function findWatchedRun(
  client: SqlClient,
  schema: string,
  { runId, pipeline, id }: WatchFilter,
): Promise<WatchedRun | null> {
  const [row] = await client.query(findWatched(quoteSchema(schema)), [runId ?? null, pipeline ?? null, id ?? null]);
  if (row === undefined) return null;
  return {
    ...{ id: text(row.id), pipeline: text(row.pipeline), runId: text(row.run), commit: textOrNull(row.commit_sha) },
    branch: textOrNull(row.branch),
    createdMs: numberOrNull(row.created_ms) ?? 0,
    leaseMs: Number(row.lease_ms),
    identity: readIdentity(row.head),
  };
}

/** What has been read, so that the next question brings what is new. */
function createTail() {
  let seen: { atMs: number; id: number; ids: readonly number[] }[] = [
    { atMs: Number.NEGATIVE_INFINITY, id: 0, ids: [] },
  ];
  const open = new Map<number, SnapshotExecution>();
  return {
    /** Everything after it may be new. */
    low: (nowMs: number): number => {
      const old = seen.filter(({ atMs }) => atMs <= nowMs - OVERLAP_MS);
      seen = seen.slice(Math.max(0, old.length - 1));
      return seen[0]?.id ?? 0;
    },
    /** What of that is not. */
    known: (): number[] => seen.slice(1).flatMap(({ ids }) => ids),
    open: (): number[] => [...open.keys()].slice(-MOST_OPEN),
    note: (executions: readonly SnapshotExecution[], nowMs: number) => {
      for (const execution of executions) {
        if (execution.decision === 'lost' || execution.decision === 'superseded') open.set(execution.id, execution);
        else open.delete(execution.id);
      }
      const ids = executions.map(({ id }) => id);
      seen.push({ atMs: nowMs, ids, id: ids.reduce((greatest, id) => Math.max(greatest, id), seen.at(-1)?.id ?? 0) });
    },
  };
}

/** @param pollMs between two questions. */
export function createQueueSource(
  client: SqlClient,
  schema: string,
  run: WatchedRun,
  { pollMs = POLL_MS }: { readonly pollMs?: number } = {},
): EventSource {
  const s = quoteSchema(schema);

  /** All that is new, in as many questions as that takes; null where the run is gone. */
  const poll = async (tail: ReturnType<typeof createTail>): Promise<QueueSnapshot | null> => {
    const executions: SnapshotExecution[] = [];
    let low = tail.low(performance.now());
    for (;;) {
      const [row] = await client.query(pollRun(s), [run.id, low, tail.open(), AT_ONCE, tail.known()]);
      if (row === undefined) return null;
      const snapshot = toSnapshot(row);
      executions.push(...snapshot.executions);
      tail.note(snapshot.executions, performance.now());
      if (snapshot.executions.length < AT_ONCE) return { ...snapshot, executions };
      low = Math.max(low, ...snapshot.executions.map(({ id }) => id));
    }
  };

  return {
    async follow(tell, signal) {
      const items = (await client.query(listItems(s), [run.id])).map(toItem);
      let offset: number | undefined;
      const repeat = run.identity?.repeat ?? null;
      const follower = followQueue({ ...run, items, repeat }, (ms) => ms + (offset ?? 0));
      let tail = createTail();
      let attempt: number | undefined;
      let aloneSince: number | undefined;
      const end = (snapshot: QueueSnapshot): FollowEnd | null => {
        const { sessions, nowMs, finishedMs, cancelledMs } = snapshot;
        if (sessions.some(({ leftMs, aliveUntilMs }) => leftMs === null && aliveUntilMs > nowMs)) {
          aloneSince = undefined;
          return null;
        }
        if (finishedMs !== null) return 'finished';
        if (cancelledMs !== null) return 'cancelled';
        aloneSince ??= nowMs;
        return nowMs - aloneSince > run.leaseMs || sessions.every(({ leftMs }) => leftMs !== null) ? 'abandoned' : null;
      };
      while (!signal.aborted) {
        let snapshot = await poll(tail);
        if (snapshot !== null && attempt !== undefined && snapshot.attempt !== attempt) {
          tail = createTail();
          snapshot = await poll(tail);
        }
        if (snapshot === null) return 'gone';
        attempt = snapshot.attempt;
        // Once: a clock that is set while a run lasts would make its files older or younger.
        offset ??= Date.now() - snapshot.nowMs;
        tell(follower.next(snapshot));
        const ended = end(snapshot);
        if (ended !== null) return ended;
        await sleep(pollMs, undefined, { signal }).catch(() => undefined);
      }
      return 'stopped';
    },
  };
}
