/**
 * Delivers results in batches: those that arrive while one delivery is under way go with the next. A failure goes at
 * once, and so does what the queue does not keep lines of: should this process die, its blob has no line of it yet. Any
 * other pass waits a moment for more: a delivery for each short file costs a few percent of the run.
 */
import type { ItemResult, Queue, QueueSession, Settlement } from '../../queue/queue';

export interface ResultBatcher {
  /** @param atOnce whether to deliver it without waiting for others. */
  settle(result: ItemResult, atOnce: boolean): Promise<Settlement>;
  /** Delivers what waits; resolves, and never rejects, when nothing waits any more. */
  flush(): Promise<void>;
}

interface Waiting {
  readonly result: ItemResult;
  readonly resolve: (settlement: Settlement) => void;
  readonly reject: (error: unknown) => void;
}

/** What is not delivered when the process dies is run again elsewhere. */
const GATHER_MS = 500;

export function createResultBatcher(queue: Queue, session: QueueSession): ResultBatcher {
  let waiting: Waiting[] = [];
  let delivery: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const deliver = async (): Promise<void> => {
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
    delivery = undefined;
  };

  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length > 0) delivery ??= deliver();
    return delivery ?? Promise.resolve();
  };

  return {
    settle: (result, atOnce) =>
      new Promise((resolve, reject) => {
        waiting.push({ result, resolve, reject });
        if (delivery !== undefined) return;
        if (atOnce) void flush();
        else timer ??= setTimeout(() => void flush(), GATHER_MS);
      }),
    flush,
  };
}
