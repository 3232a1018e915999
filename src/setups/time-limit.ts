import { runningNow } from './running-now';

/** Thrown by {@link withinLimit}. */
export class LimitExceeded extends Error {}

/**
 * @throws LimitExceeded where it takes longer; it is not stopped.
 * @throws what nobody caught in it: what it waits for may never come then.
 */
export async function withinLimit<Value>(limitMs: number, work: () => Value | Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LimitExceeded()), limitMs);
  });
  const who = runningNow();
  const uncaught = new Promise<never>((_, reject) => {
    if (who !== undefined) who.onUncaught = reject;
  });
  try {
    // On its own turn: what it does at once is bounded by the process that waits for this one.
    return await Promise.race([Promise.resolve().then(work), limit, uncaught]);
  } finally {
    clearTimeout(timer);
    if (who !== undefined) who.onUncaught = undefined;
  }
}

export const secondsText = (ms: number): string => `${ms / 1000} ${ms === 1000 ? 'second' : 'seconds'}`;
