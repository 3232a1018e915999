/**
 * Delivers results in batches: those that arrive while one delivery is under way go with the next, and a pass waits a
 * moment for others, because its worker is free already and nobody waits for it. A failure goes at once.
 */
import type { ItemResult, Queue, QueueSession, Settlement } from '../../queue/queue';

export interface Settler {
  settle(result: ItemResult): Promise<Settlement>;
}

interface Waiting {
  readonly result: ItemResult;
  readonly resolve: (settlement: Settlement) => void;
  readonly reject: (error: unknown) => void;
}

/** What is not delivered when the process dies is run again elsewhere. */
const GATHER_MS = 100;

export function createSettler(queue: Queue, session: QueueSession): Settler {
  let waiting: Waiting[] = [];
  let isDelivering = false;
  let timer: NodeJS.Timeout | undefined;

  const deliver = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    isDelivering = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        const settled = await queue.settle(
          session,
          batch.map(({ result }) => result),
        );
        batch.forEach(({ resolve }, index) => {
          resolve(settled[index] as Settlement);
        });
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    isDelivering = false;
  };

  return {
    settle: (result) =>
      new Promise((resolve, reject) => {
        waiting.push({ result, resolve, reject });
        if (isDelivering) return;
        if (result.outcome === 'failed') void deliver();
        else timer ??= setTimeout(() => void deliver(), GATHER_MS);
      }),
  };
}
