/** Repeats what failed for a reason that passes, with a growing and random pause. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isTransient } from './transient';

export interface RetryPolicy {
  /** How long to go on trying. */
  readonly totalMs: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = { totalMs: 60_000, firstPauseMs: 50, longestPauseMs: 2000 };

/** For the first question of a run: a hosted database may have to wake, but a wrong address should show soon. */
export const OPENING_RETRY: RetryPolicy = { ...DEFAULT_RETRY, totalMs: 15_000 };

/** A person who waits longer than this is told why. */
const QUIET_MS = 2_000;

/**
 * Runs `work` until it succeeds, fails for good, or `totalMs` is over; then the last error is thrown.
 *
 * @param onWait called once, when it has gone on for some seconds.
 */
export async function retry<T>(work: () => Promise<T>, policy: RetryPolicy, onWait?: () => void): Promise<T> {
  const startMs = performance.now();
  const endMs = startMs + policy.totalMs;
  let isTold = onWait === undefined;
  for (let pauseMs = policy.firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, policy.longestPauseMs)) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error) || performance.now() + pauseMs > endMs) throw error;
      if (!isTold && performance.now() - startMs > QUIET_MS) {
        isTold = true;
        onWait?.();
      }
    }
    // Between half and one and a half: nodes that lost the server together must not come back together.
    await sleep(pauseMs * (0.5 + Math.random()));
  }
}
