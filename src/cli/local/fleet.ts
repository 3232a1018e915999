/** Nodes that do not all run on this machine: what a run over them needs to know. */
import type { Options } from '../../options/resolve';
import type { Plan } from '../../plan/plan';
import type { Queue } from '../../queue/queue';
import type { LiveDisplay } from './live-display';
import type { StartNode } from './local-node';

export interface FleetRun {
  readonly plan: Plan;
  readonly options: Options;
  /** Jest's root, absolute. */
  readonly rootDir: string;
  /** Jest may write new snapshots, or change them. */
  readonly writesSnapshots: boolean;
  /** Path of the socket behind which this process serves the queue. */
  readonly socketPath: string;
  /** Whether no item of the run is left. */
  readonly isOver: () => Promise<boolean>;
  readonly display: LiveDisplay;
}

export interface Fleet {
  readonly nodes: number;
  /** Jest workers of a node that the plan is made with. */
  readonly workers: number;
  /** One line for people, of what runs where. @param files their number as a text. */
  readonly opening: (files: string) => string;
  /** Of a node (1-based), for people. */
  readonly nameOf: (node: number) => string;
  /** Rejects where no host could run the tests. */
  readonly ready: Promise<unknown>;
  readonly begin: (run: FleetRun) => StartNode;
}

/** A queue that knows whether its run is over; the first node that joins says which run that is. */
export function watchRun(queue: Queue): { readonly queue: Queue; readonly isOver: () => Promise<boolean> } {
  let session: Awaited<ReturnType<Queue['join']>>['session'] | undefined;
  return {
    queue: {
      ...queue,
      join: async (request) => {
        const joined = await queue.join(request);
        session ??= joined.session;
        return joined;
      },
    },
    isOver: async () => {
      if (session === undefined) return false;
      const { finished, cancelledBy } = await queue.finish(session);
      return finished || cancelledBy !== null;
    },
  };
}
