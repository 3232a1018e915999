/**
 * Several that make probes at the same time. A lane makes one after the other; what a lane that is lost had begun is made
 * by another one.
 */
import { isDistributedError } from '../errors';
import type { ProbeResult, ProbeSpec } from './probe';

/** Makes one probe. Rejects where it cannot, and is not asked for another one then. */
export type Lane = (spec: ProbeSpec) => Promise<ProbeResult>;

export interface ProbePool {
  /** Waits for a lane that is free. */
  readonly probe: Lane;
  /**
   * Has a lane make probes until none will come any more.
   *
   * @param gone aborted where the lane is lost while it has nothing to do.
   * @throws what the lane was lost by.
   */
  readonly serve: (lane: Lane, gone: AbortSignal) => Promise<void>;
  /** No more probes will come, and none that waits is made: those reject with the error. */
  readonly close: (error: Error) => void;
  readonly isClosed: () => boolean;
}

interface Waiting {
  readonly spec: ProbeSpec;
  readonly resolve: (result: ProbeResult) => void;
  readonly reject: (error: Error) => void;
  losses: number;
}

/** A probe by which so many lanes were lost is not made again: it may be the reason. */
const MOST_LOSSES = 3;

export function createProbePool(): ProbePool {
  const waiting: Waiting[] = [];
  const idle = new Set<(next: Waiting | undefined) => void>();
  let closedBy: Error | undefined;
  /** The first that waits goes to the lane that has waited longest. */
  const match = () => {
    for (const give of idle) {
      if (waiting.length === 0) return;
      idle.delete(give);
      give(waiting.shift());
    }
  };
  const take = (gone: AbortSignal): Promise<Waiting | undefined> =>
    new Promise((resolve) => {
      if (closedBy !== undefined || gone.aborted) return resolve(undefined);
      const leave = () => {
        idle.delete(give);
        resolve(undefined);
      };
      const give = (next: Waiting | undefined) => {
        gone.removeEventListener('abort', leave);
        resolve(next);
      };
      gone.addEventListener('abort', leave);
      idle.add(give);
      match();
    });
  const putBack = (lost: Waiting, error: unknown) => {
    if (closedBy !== undefined) return lost.reject(closedBy);
    lost.losses += 1;
    if (lost.losses < MOST_LOSSES) {
      waiting.unshift(lost);
      return match();
    }
    const why = isDistributedError(error) ? error.fact : (error as Error).message;
    const fault = `the run was lost ${lost.losses} times, the last time because: ${why}`;
    lost.resolve({ spec: lost.spec, sights: [], spans: [], fault });
  };
  return {
    probe: (spec) =>
      new Promise((resolve, reject) => {
        if (closedBy !== undefined) return reject(closedBy);
        waiting.push({ spec, resolve, reject, losses: 0 });
        match();
      }),
    serve: async (lane, gone) => {
      for (let next = await take(gone); next !== undefined; next = await take(gone)) {
        try {
          next.resolve(await lane(next.spec));
        } catch (error) {
          putBack(next, error);
          throw error;
        }
      }
    },
    close: (error) => {
      if (closedBy !== undefined) return;
      closedBy = error;
      for (const give of idle) give(undefined);
      idle.clear();
      for (const { reject } of waiting.splice(0)) reject(error);
    },
    isClosed: () => closedBy !== undefined,
  };
}

/** Takes one after the other, so many at a time, until one of them says that it is over. */
export async function eachOf<Item>(
  items: Iterable<Item>,
  atOnce: number,
  work: (item: Item) => Promise<boolean>,
): Promise<void> {
  const left = items[Symbol.iterator]();
  let isOver = false;
  const takeEach = async () => {
    while (!isOver) {
      const next = left.next();
      if (next.done) return;
      if (!(await work(next.value))) isOver = true;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, takeEach));
}

/** Does things in the order in which turns were taken, each as soon as those before it are done. */
export function createTurns(): () => (work: () => void) => void {
  const ready = new Map<number, () => void>();
  let taken = 0;
  let done = 0;
  return () => {
    const turn = taken++;
    return (work) => {
      ready.set(turn, work);
      for (let next = ready.get(done); next !== undefined; next = ready.get(++done)) {
        ready.delete(done);
        next();
      }
    };
  };
}
