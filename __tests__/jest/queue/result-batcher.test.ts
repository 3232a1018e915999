import { describe, expect, test } from '@jest/globals';
import { createResultBatcher } from '../../../src/jest/queue/result-batcher';
import { createMemoryQueue } from '../../../src/queue/memory-queue';
import type { Queue } from '../../../src/queue/queue';
import { entriesOf, joinRequest, resultOf } from '../../contracts/queue';

async function setUp() {
  const memory = createMemoryQueue({ now: () => 0 });
  const batches: number[] = [];
  const queue: Queue = {
    ...memory,
    settle: async (session, results) => {
      batches.push(results.length);
      return memory.settle(session, results);
    },
  };
  const { session } = await queue.join(joinRequest({ runId: 'b', entries: entriesOf(['a', 'b', 'c']) }));
  const results = (await queue.claim(session, { count: 3, startNow: 3, known: [] })).map((lease) => resultOf(lease));
  return { settler: createResultBatcher(queue, session), results, batches };
}

describe('results of a node', () => {
  test('that can wait go together', async () => {
    const { settler, results, batches } = await setUp();
    const settled = await Promise.all(results.map((result) => settler.settle(result, false)));
    expect(settled.map(({ decision }) => decision)).toEqual(['accepted', 'accepted', 'accepted']);
    expect(batches).toEqual([3]);
  });

  test('that cannot wait go before anything else happens, and take those along that wait', async () => {
    const { settler, results, batches } = await setUp();
    const [first, second] = results as [(typeof results)[0], (typeof results)[0]];
    void settler.settle(first, false);
    expect(batches).toEqual([]);
    const settled = settler.settle(second, true);
    expect(batches).toEqual([2]);
    await settled;
  });

  test('a flush delivers what waits, and is over when all of it is delivered', async () => {
    const { settler, results, batches } = await setUp();
    const settled = results.map((result) => settler.settle(result, false));
    await settler.flush();
    expect(batches).toEqual([3]);
    expect(await Promise.all(settled)).toHaveLength(3);
    await settler.flush();
    expect(batches).toEqual([3]);
  });
});
