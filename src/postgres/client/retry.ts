/** Repeats what failed for a reason that passes, with a growing and random pause. */
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, isTransient } from './transient-errors';

export interface RetryPolicy {
  /** How long to go on trying. */
  readonly totalMs: number;
  /** How long at most where there is no host of that name; default `totalMs`. */
  readonly unknownHostMs?: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = { totalMs: 60_000, firstPauseMs: 50, longestPauseMs: 2000 };

/**
 * For the first question of a run: a hosted database may have to wake, but a wrong address should show soon. The name of
 * a container that starts at the same time may be late.
 */
export const OPENING_RETRY: RetryPolicy = { ...DEFAULT_RETRY, totalMs: 15_000, unknownHostMs: 5_000 };

/** A wait that is longer than this is reported, with the reason. */
const QUIET_MS = 2_000;

export interface Retrier {
  /** Runs `work` until it succeeds, fails for good, or the time is over; then the last error is thrown. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Since when there was no answer, in milliseconds; 0 where the last question was answered. */
  outageMs(): number;
}

/**
 * Work of one client shares one patience: what fails while an outage is going on waits no longer than the outage may
 * last, so that a node whose database is gone ends once and not after every result.
 *
 * @param onWait called once for each outage, when it has gone on for some seconds, with how long it may last in all.
 */
export function createRetrier(policy: RetryPolicy, onWait?: (mostMs: number) => void): Retrier {
  let outageSinceMs: number | undefined;
  let isReported = false;
  let isGivenUp = false;
  return {
    outageMs: () => (outageSinceMs === undefined ? 0 : performance.now() - outageSinceMs),
    async run(work) {
      const startMs = performance.now();
      for (let pauseMs = policy.firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, policy.longestPauseMs)) {
        try {
          const result = await work();
          outageSinceMs = undefined;
          isReported = false;
          isGivenUp = false;
          return result;
        } catch (error) {
          if (!isTransient(error)) throw error;
          outageSinceMs ??= performance.now();
          const sinceMs = Math.min(startMs, outageSinceMs);
          // Once is enough for what is asked after that.
          const { totalMs, unknownHostMs = totalMs } = policy;
          const mostMs = codeOf(error) === 'ENOTFOUND' ? Math.min(totalMs, unknownHostMs) : totalMs;
          isGivenUp ||= performance.now() + pauseMs > sinceMs + mostMs;
          if (isGivenUp) throw error;
          if (!isReported && performance.now() - sinceMs > QUIET_MS) {
            isReported = true;
            onWait?.(mostMs);
          }
        }
        // Between half and one and a half: nodes that lost the server together must not come back together.
        await sleep(pauseMs * (0.5 + Math.random()));
      }
    },
  };
}
