/** Delivers results in batches: those that arrive while one delivery is under way go with the next. */
import type { ItemResult, Queue, QueueSession, Settlement } from '../../queue/queue';

export interface Settler {
  settle(result: ItemResult): Promise<Settlement>;
}

interface Waiting {
  readonly result: ItemResult;
  readonly resolve: (settlement: Settlement) => void;
  readonly reject: (error: unknown) => void;
}

export function createSettler(queue: Queue, session: QueueSession): Settler {
  let waiting: Waiting[] = [];
  let isDelivering = false;

  const deliver = async (): Promise<void> => {
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
        if (!isDelivering) void deliver();
      }),
  };
}
