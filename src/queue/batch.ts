/** How many items a node claims at once. */

/** Waiting for a claim that takes less than a 20th of the file is cheaper than holding a file back from an idle node. */
const WORTH_WAITING = 20;
/** So many claims' time of work lies ready, so that one slow claim is not noticed. */
const CLAIMS_AHEAD = 4;
const MOST_AT_ONCE = 50;

export interface BatchInit {
  readonly workers: number;
  /** Predicted duration of the item that was claimed last, or null at the start. As the longest go first, the next are shorter. */
  readonly lastExpectedMs: number | null;
  /** How long a claim takes. */
  readonly claimMs: number;
}

/**
 * How many items should lie ready without a worker for them: none where files are long, a few where the database is far
 * and files are short.
 *
 * @example aheadCount({ workers: 4, lastExpectedMs: 10_000, claimMs: 30 }) // 0
 * @example aheadCount({ workers: 4, lastExpectedMs: 100, claimMs: 30 }) // 5
 */
export function aheadCount({ workers, lastExpectedMs, claimMs }: BatchInit): number {
  if (lastExpectedMs === null || lastExpectedMs > WORTH_WAITING * claimMs) return 0;
  return Math.min(MOST_AT_ONCE, Math.ceil((workers * CLAIMS_AHEAD * claimMs) / Math.max(1, lastExpectedMs)));
}
