/**
 * Where the events of a run come from. Every source satisfies `__tests__/contracts/event-source.ts`: a run begins once
 * (again, with all that counts, where it was started again), nodes are there before what they do, a file that ends was
 * started, and nothing is told twice.
 */
import type { LiveEvent } from './events';

export type FollowEnd =
  /** Every test has its result, and no node is left. */
  | 'finished'
  | 'cancelled'
  /** It is not finished, and no node of it is heard of. */
  | 'abandoned'
  /** It is no longer there. */
  | 'gone'
  /** Whoever follows wanted no more. */
  | 'stopped';

export interface EventSource {
  /**
   * Tells what has happened so far and then what happens, in batches.
   *
   * @returns when nothing more will come.
   */
  follow(tell: (events: readonly LiveEvent[]) => void, signal: AbortSignal): Promise<FollowEnd>;
}
