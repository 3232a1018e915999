/** Where a queue is, and how it is opened. */
import type { Queue } from '../queue/queue';

export type QueueTarget =
  /** A process of this machine owns it; see `socket/`. */
  | { readonly kind: 'owner'; readonly socketPath: string }
  /** `source` is the flag or variable that gave the URL. */
  | { readonly kind: 'database'; readonly url: string; readonly source: string; readonly schema: string };

/**
 * Checks before the first message about a queue what keeps every node from it.
 *
 * @throws DistributedError `DATABASE_URL_INVALID`, `PG_MISSING`.
 */
export async function checkTarget(target: QueueTarget): Promise<void> {
  if (target.kind === 'database') (await import('./client/pg-client.js')).checkDatabase(target);
}

/**
 * @param onWait gets what a person should know while the database does not answer.
 * @throws DistributedError as `connectQueue` and `openPostgresQueue` do.
 */
export async function openQueue(target: QueueTarget, onWait?: (notice: string) => void): Promise<Queue> {
  // Loaded late: who uses no queue needs no driver.
  if (target.kind === 'owner') return (await import('./socket/client.js')).connectQueue(target.socketPath);
  const { url, source, schema } = target;
  return (await import('./open-queue.js')).openPostgresQueue({ url, source, schema, ...(onWait && { onWait }) });
}
