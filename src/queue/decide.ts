/**
 * The rule that decides what a result is worth. The database has the same rule in SQL
 * (`src/postgres/schema/functions/settle.ts`); the contract suite holds the two together.
 */
import type { Decision, Lease, Outcome } from './queue';

/** What is known of an item when a result arrives. */
export interface ItemFacts {
  readonly done: boolean;
  readonly attempt: number;
  /** Number of the last claim. */
  readonly claimNumber: number;
  /** Greatest claim number whose result was counted. */
  readonly settledClaim: number;
  readonly failures: number;
}

/**
 * Decides one result that was not delivered before.
 *
 * @example
 * decide({ done: false, attempt: 1, claimNumber: 2, settledClaim: 0, failures: 0 }, { itemId: 1, attempt: 1, claimNumber: 1 }, 'passed', 0)
 * // 'accepted': late, but no result was accepted before
 */
export function decide(item: ItemFacts, lease: Lease, outcome: Outcome, maxRetries: number): Decision {
  const isForeign = lease.attempt !== item.attempt || lease.claimNumber > item.claimNumber;
  if (isForeign || item.done || lease.claimNumber <= item.settledClaim) return 'superseded';
  return outcome === 'failed' && item.failures < maxRetries ? 'retried' : 'accepted';
}
