/**
 * The rule that decides what a result is worth. The database has the same rule in SQL
 * (`src/postgres/functions/settle.ts`); the contract suite holds the two together.
 */
import type { Lease, Outcome, Verdict } from './queue';

/** What is known of an item when a result arrives. */
export interface ItemFacts {
  readonly done: boolean;
  readonly round: number;
  /** Number of the last claim. */
  readonly attempt: number;
  /** Greatest attempt whose result was counted. */
  readonly settled: number;
  readonly failures: number;
}

/**
 * Judges one result that was not delivered before.
 *
 * @example
 * judge({ done: false, round: 1, attempt: 2, settled: 0, failures: 0 }, { itemId: 1, round: 1, attempt: 1 }, 'passed', 0)
 * // 'accepted': late, but no result was accepted before
 */
export function judge(item: ItemFacts, lease: Lease, outcome: Outcome, maxRetries: number): Verdict {
  const isForeign = lease.round !== item.round || lease.attempt > item.attempt;
  if (isForeign || item.done || lease.attempt <= item.settled) return 'superseded';
  return outcome === 'failed' && item.failures < maxRetries ? 'retried' : 'accepted';
}
