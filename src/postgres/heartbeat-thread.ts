/**
 * Heartbeats from a thread of their own: with `jest -i` a test that computes for a minute blocks the main thread, its
 * lease would end, other nodes would run the file too, and after three of them it would pass for poison.
 */
import { Worker } from 'node:worker_threads';
import type { Queue, QueueSession } from '../queue/queue';

/** How the thread reaches the queue. */
export type HeartbeatTarget =
  | { readonly kind: 'database'; readonly url: string; readonly source: string; readonly schema: string }
  | { readonly kind: 'owner'; readonly socketPath: string };

export interface HeartbeatOrder {
  readonly target: HeartbeatTarget;
  readonly session: QueueSession;
  /** One number that both threads see: when the main thread's last heartbeat arrived, by `Date.now()`. */
  readonly lastHeartbeat: SharedArrayBuffer;
}

/**
 * A queue whose `keepAlive` starts such a thread. The thread speaks up only where the main thread's own heartbeats are
 * late: most runs never need its connection, nor the driver in a second copy.
 */
export function withHeartbeatThread(queue: Queue, target: HeartbeatTarget): Queue {
  const lastHeartbeat = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
  const recordHeartbeat = (): void => {
    new Float64Array(lastHeartbeat)[0] = Date.now();
  };
  return {
    ...queue,
    heartbeat: async (session) => {
      const answer = await queue.heartbeat(session);
      recordHeartbeat();
      return answer;
    },
    keepAlive: (session) => {
      // The session is as new as its lease.
      recordHeartbeat();
      return startHeartbeatThread({ target, session, lastHeartbeat });
    },
  };
}

/**
 * The thread ends with the process, or with the returned function. That it cannot start only means that no heartbeat is sent
 * while the main thread is blocked, so it is no error.
 */
function startHeartbeatThread(order: HeartbeatOrder): () => Promise<void> {
  const worker = new Worker(require.resolve('./heartbeat-worker'), {
    workerData: order,
    name: 'jest-distributed heartbeat',
  });
  worker.on('error', () => undefined);
  worker.unref();
  return async () => {
    await worker.terminate();
  };
}
