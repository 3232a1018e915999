import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { createFeed } from '../../../src/jest/queue/feed';
import { createMemoryQueue } from '../../../src/queue/memory-queue';
import type { Claimed, Queue, QueueSession } from '../../../src/queue/queue';
import { entriesOf, joinRequest } from '../../contracts/queue';

/** As far away as a database in another data centre. */
const CLAIM_MS = 10;

async function joinFarQueue(): Promise<{ readonly queue: Queue; readonly session: QueueSession }> {
  const near = createMemoryQueue({ now: () => performance.now() });
  const queue: Queue = {
    ...near,
    claim: async (...request) => {
      await sleep(CLAIM_MS);
      return near.claim(...request);
    },
  };
  const paths = Array.from({ length: 30 }, (_, index) => `f${index}`);
  // What a suite without a history has: no durations, every file weighs the same.
  const entries = entriesOf(paths.map((path) => ({ path, ms: 1 })));
  const { session } = await queue.join(joinRequest({ build: 'b', entries }));
  return { queue, session };
}

describe('what a node claims ahead, where nobody knows how long files take', () => {
  const runTwo = async (durationMs: number): Promise<number> => {
    const { queue, session } = await joinFarQueue();
    const feed = createFeed(queue, session, 1);
    for (let turn = 0; turn < 2; turn++) {
      const item = (await feed.next()) as Claimed;
      const { itemId, round, attempt } = item;
      await queue.settle(session, [{ itemId, round, attempt, outcome: 'passed', durationMs, detail: null }]);
      feed.done(item, durationMs);
    }
    await feed.next();
    await sleep(3 * CLAIM_MS);
    const { leased } = await queue.progress(session);
    await feed.close();
    return leased;
  };

  test('is nothing while files are long: other nodes must get them', async () => {
    expect(await runTwo(5_000)).toBe(1);
  });

  test('is a few once files are seen to be short', async () => {
    expect(await runTwo(10)).toBeGreaterThan(2);
  });
});
