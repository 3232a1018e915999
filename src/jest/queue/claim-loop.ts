/**
 * Items of the queue for the workers of this node: claims ahead, waits while others may still lose what they hold, keeps
 * the session alive, and knows how it ended.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isDistributedError } from '../../errors';
import { heartbeatMs } from '../../queue/heartbeat-interval';
import { aheadCount, NO_PACE, paceAfter, predictMs } from '../../queue/prefetch-size';
import {
  type Claimed,
  type Lease,
  type Queue,
  type QueueSession,
  type Waiting,
  wasLostBefore,
} from '../../queue/queue';

type ClaimLoopEnd =
  /** Every item of the run has an accepted result. */
  | { readonly kind: 'finished' }
  | { readonly kind: 'cancelled'; readonly by: string }
  /** Asked for here: bail, a signal, an interrupted watch run. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly error: unknown };

export interface ClaimLoop {
  /** The next item to run, or undefined at the end. */
  next(): Promise<Claimed | undefined>;
  /** An item begins to run. */
  begin(lease: Lease): void;
  /**
   * An item has its verdict, or was given back.
   *
   * @param durationMs how long it ran, where it did: what is claimed ahead depends on it.
   */
  done(item: Claimed, durationMs?: number): void;
  stop(): void;
  fail(error: unknown): void;
  /** Undefined while it goes on. */
  readonly end: ClaimLoopEnd | undefined;
  /** Ends the heartbeat; gives back what is held. */
  close(): Promise<void>;
}

export interface ClaimLoopInit {
  readonly queue: Queue;
  readonly session: QueueSession;
  readonly workers: number;
  /** Delivers results of this node that wait for others: before it asks whether the run is finished. */
  readonly flush?: () => Promise<void>;
  /** Whether an item comes before longer ones, so that it says nothing of how long the next one takes; default: none. */
  readonly isFirst?: (key: string) => boolean;
  /** Called now and then with what this node waits for: a CI ends a job that is silent for minutes. */
  readonly onWaiting?: (waiting: Waiting) => void;
}

/** After so long without work a node reports what it waits for, and again each time so much later. */
const FIRST_NOTICE_MS = 30_000;
const NEXT_NOTICE_MS = 60_000;
const MOST_NAMED = 3;

const SHORTEST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 400;
const SLOWEST_CLAIM_MS = 100;
/** What is over sooner needs no record of its start: a statement less for each short file. */
const GATHER_STARTS_MS = 1_000;

const leaseKey = ({ itemId, attempt, claimNumber }: Lease): string => `${itemId}:${attempt}:${claimNumber}`;

export function createClaimLoop(init: ClaimLoopInit): ClaimLoop {
  const { queue, session, workers, flush, onWaiting, isFirst = () => false } = init;
  /** Claimed and waiting for a worker. */
  let ready: Claimed[] = [];
  /** Started at the claim already. */
  const begun = new Set<string>();
  /** Everything this node holds, ready or running. */
  const held = new Map<string, Lease>();
  /** Begun, but not recorded as such yet. */
  const starting = new Map<string, Lease>();
  let startTimer: NodeJS.Timeout | undefined;
  let end: ClaimLoopEnd | undefined;
  let lastExpectedMs: number | null = null;
  let waiting = 0;
  let pace = NO_PACE;
  let claimMs = 0;
  /** By the clock of this machine, which goes on while the machine or the process is suspended. */
  let confirmedAtMs = Date.now();
  let fetching: Promise<void> | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  const finishWith = (how: ClaimLoopEnd): void => {
    end ??= how;
  };
  const fail = (error: unknown): void => finishWith({ kind: 'failed', error });

  const ahead = () => aheadCount({ workers, nextMs: predictMs(lastExpectedMs, pace), claimMs });

  const fetch = async (wanted: number): Promise<void> => {
    const count = wanted + ahead();
    const askedAtMs = performance.now();
    const claimed = await queue.claim(session, { count, startNow: wanted, known: [...held.values()] });
    // One that was repeated while the server restarted predicts nothing about the next.
    claimMs = Math.min(performance.now() - askedAtMs, SLOWEST_CLAIM_MS);
    claimed.forEach((item, index) => {
      held.set(leaseKey(item), item);
      if (index < wanted) begun.add(leaseKey(item));
      if (!isFirst(item.key)) lastExpectedMs = item.estimate;
    });
    ready.push(...claimed);
  };

  /** Fetches while the workers are busy, so that none of them waits for the database. */
  const fetchAhead = (): void => {
    if (fetching !== undefined || end !== undefined) return;
    const wanted = ahead();
    if (wanted === 0 || 2 * ready.length > wanted) return;
    fetching = fetch(0)
      .catch(fail)
      .finally(() => {
        fetching = undefined;
      });
  };

  /** After a pause of this whole process the lease may have ended: what is not ours any more is not started. */
  const confirm = async (): Promise<void> => {
    const { cancelledBy, held: still } = await queue.heartbeat(session);
    confirmedAtMs = Date.now();
    if (cancelledBy !== null) finishWith({ kind: 'cancelled', by: cancelledBy });
    // An item that was claimed during this question is dropped too, and handed out again, as it is then not known.
    const keys = new Set(still.map(leaseKey));
    for (const item of ready.filter((waits) => !keys.has(leaseKey(waits)))) held.delete(leaseKey(item));
    ready = ready.filter((item) => keys.has(leaseKey(item)));
  };
  const isUnconfirmed = (): boolean => Math.abs(Date.now() - confirmedAtMs) > session.limits.leaseMs / 2;

  let nextReportAtMs = 0;
  const reportWaiting = async (): Promise<void> => {
    if (onWaiting === undefined || Date.now() < nextReportAtMs) return;
    nextReportAtMs = Date.now() + NEXT_NOTICE_MS;
    onWaiting(await queue.waiting(session, MOST_NAMED));
  };

  const take = async (): Promise<Claimed | undefined> => {
    nextReportAtMs = Date.now() + FIRST_NOTICE_MS;
    for (let pauseMs = SHORTEST_PAUSE_MS; end === undefined; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      if (ready.length === 0) await fetching;
      if (ready.length === 0) await fetch(Math.max(1, Math.min(waiting, workers)));
      if (ready.length > 0 && isUnconfirmed()) await confirm();
      const item = ready.shift();
      if (item !== undefined) {
        const key = leaseKey(item);
        if (wasLostBefore(item) && !begun.has(key)) {
          await queue.start(session, [item]);
          begun.add(key);
        }
        fetchAhead();
        return item;
      }
      // Not the end while a result of this very node is on its way.
      await flush?.();
      const state = await queue.finish(session);
      if (state.finished) finishWith({ kind: 'finished' });
      else if (state.cancelledBy !== null) finishWith({ kind: 'cancelled', by: state.cancelledBy });
      else {
        // Not the end: what others hold may come back. The random part keeps nodes from asking in step.
        await reportWaiting();
        await sleep(pauseMs * (0.5 + Math.random()));
        await queue.sweep(session, heartbeatMs(session.limits));
      }
    }
    return undefined;
  };

  /** Many files are over before anybody needs to know that they began. */
  const recordStarts = (): void => {
    startTimer = undefined;
    const leases = [...starting.values()];
    starting.clear();
    // Not awaited: an item's own settle goes the same way and would show the error.
    if (leases.length > 0 && end?.kind !== 'failed') queue.start(session, leases).catch(() => undefined);
  };

  const sendHeartbeat = async (): Promise<void> => {
    try {
      await confirm();
      await queue.sweep(session, session.limits.leaseMs / 2);
    } catch (error) {
      // Anything else shows at the next claim, which is repeated for longer.
      if (isDistributedError(error) && error.code === 'QUEUE_SESSION_GONE') fail(error);
    }
  };
  let isSending = false;
  const timer = setInterval(() => {
    if (isSending) return;
    isSending = true;
    void sendHeartbeat().finally(() => {
      isSending = false;
    });
  }, heartbeatMs(session.limits));
  // A run that ended must not wait for a heartbeat.
  timer.unref();

  return {
    next() {
      waiting += 1;
      // One at a time: two empty claims at once would poll twice as often.
      const mine = turn
        .then(take)
        .catch((error: unknown) => {
          fail(error);
          return undefined;
        })
        .finally(() => {
          waiting -= 1;
        });
      turn = mine;
      return mine;
    },
    begin(lease) {
      if (begun.delete(leaseKey(lease))) return;
      starting.set(leaseKey(lease), lease);
      startTimer ??= setTimeout(recordStarts, GATHER_STARTS_MS);
    },
    done(item, durationMs) {
      held.delete(leaseKey(item));
      begun.delete(leaseKey(item));
      starting.delete(leaseKey(item));
      if (durationMs !== undefined) pace = paceAfter(pace, { estimate: item.estimate, tookMs: durationMs });
    },
    stop: () => finishWith({ kind: 'stopped' }),
    fail,
    get end() {
      return end;
    },
    async close() {
      finishWith({ kind: 'stopped' });
      clearInterval(timer);
      clearTimeout(startTimer);
      await fetching;
      // A database that was tried for a minute is not asked again; the lease ends by itself.
      if (end?.kind === 'failed' && isDistributedError(end.error) && end.error.code.startsWith('DATABASE_')) return;
      await queue.leave(session);
    },
  };
}
