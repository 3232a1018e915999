/** Thrown by {@link withinLimit}. */
export class LimitExceeded extends Error {}

/** @throws LimitExceeded where it takes longer; it is not stopped. */
export async function withinLimit<Value>(limitMs: number, work: () => Value | Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LimitExceeded()), limitMs);
  });
  try {
    // On its own turn: what it does at once is bounded by the process that waits for this one.
    return await Promise.race([Promise.resolve().then(work), limit]);
  } finally {
    clearTimeout(timer);
  }
}

export const secondsText = (ms: number): string => `${ms / 1000} ${ms === 1000 ? 'second' : 'seconds'}`;
