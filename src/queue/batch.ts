/** How many items a node claims at once. */

/** Work that a claim should fetch for each worker: the database is then asked a few times a second at most. */
const AHEAD_MS = 500;
/** Items longer than this are never fetched ahead: holding one back from an idle node costs more than a claim. */
const LONGEST_AHEAD_MS = 1000;
const MOST_AT_ONCE = 50;

export interface BatchInit {
  readonly workers: number;
  /** Predicted duration of the item that was claimed last, or null at the start. As the longest go first, the next are shorter. */
  readonly lastExpectedMs: number | null;
  /** How many loops wait for an item right now. */
  readonly waiting: number;
}

/**
 * For those that wait, and where items are short as many more as fill `AHEAD_MS` of every worker.
 *
 * @example batchSize({ workers: 4, lastExpectedMs: 10_000, waiting: 1 }) // 1
 * @example batchSize({ workers: 4, lastExpectedMs: 100, waiting: 1 }) // 21
 */
export function batchSize({ workers, lastExpectedMs, waiting }: BatchInit): number {
  return Math.min(Math.max(waiting, MOST_AT_ONCE), waiting + aheadCount({ workers, lastExpectedMs }));
}

/** How many items may lie ready without a worker for them. */
export function aheadCount({ workers, lastExpectedMs }: Omit<BatchInit, 'waiting'>): number {
  if (lastExpectedMs === null || lastExpectedMs > LONGEST_AHEAD_MS) return 0;
  return Math.min(MOST_AT_ONCE, Math.ceil((workers * AHEAD_MS) / Math.max(1, lastExpectedMs)));
}
