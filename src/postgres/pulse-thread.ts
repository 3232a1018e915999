/**
 * Heartbeats from a thread of their own: with `jest -i` a test that computes for a minute blocks the main thread, its
 * lease would end, other nodes would run the file too, and after three of them it would pass for poison.
 */
import { Worker } from 'node:worker_threads';
import type { QueueSession } from '../queue/queue';

/** How the thread reaches the queue. */
export type PulseTarget =
  | { readonly kind: 'database'; readonly url: string; readonly source: string; readonly schema: string }
  | { readonly kind: 'owner'; readonly socketPath: string };

export interface PulseOrder {
  readonly target: PulseTarget;
  readonly session: QueueSession;
}

/**
 * Starts the thread; it ends with the process, or with the returned function. That it cannot start only means that
 * nothing beats while the main thread is blocked, so it is no error.
 */
export function startPulseThread(order: PulseOrder): () => Promise<void> {
  const worker = new Worker(require.resolve('./pulse-worker'), {
    workerData: order,
    name: 'jest-distributed heartbeat',
  });
  worker.on('error', () => undefined);
  worker.unref();
  return async () => {
    await worker.terminate();
  };
}
