import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { createClaimLoop } from '../../../src/jest/queue/claim-loop';
import { createResultBatcher } from '../../../src/jest/queue/result-batcher';
import { createMemoryQueue } from '../../../src/queue/memory-queue';
import type { Claimed, Queue, QueueSession, Waiting } from '../../../src/queue/queue';
import { entriesOf, joinRequest, resultOf } from '../../contracts/queue';

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
  const { session } = await queue.join(joinRequest({ runId: 'b', entries }));
  return { queue, session };
}

describe('what a node claims ahead, where nobody knows how long files take', () => {
  const runTwo = async (durationMs: number): Promise<number> => {
    const { queue, session } = await joinFarQueue();
    const feed = createClaimLoop({ queue, session, workers: 1 });
    for (let turn = 0; turn < 2; turn++) {
      const item = (await feed.next()) as Claimed;
      const { itemId, attempt, claimNumber } = item;
      await queue.settle(session, [{ itemId, attempt, claimNumber, outcome: 'passed', durationMs, detail: null }]);
      feed.done(item, durationMs);
    }
    await feed.next();
    await sleep(3 * CLAIM_MS);
    const { running } = await queue.waiting(session, 100);
    await feed.close();
    return running.length;
  };

  test('is nothing while files are long: other nodes must get them', async () => {
    expect(await runTwo(5_000)).toBe(1);
  });

  test('is nothing after short files that came first because they failed last time: the next are the longest', async () => {
    const queue = createMemoryQueue({ now: () => performance.now() });
    const names = ['short-1', 'short-2', ...Array.from({ length: 10 }, (_, index) => `long-${index}`)];
    const isFirst = (key: string) => key.includes('short');
    const entries = entriesOf(names.map((path) => ({ path, ms: isFirst(path) ? 5 : 60_000 }))).map((entry) => ({
      ...entry,
      failedLast: isFirst(entry.file.path),
    }));
    const { session } = await queue.join(joinRequest({ runId: 'first', entries }));
    const feed = createClaimLoop({ queue, session, workers: 1, isFirst });
    const taken: string[] = [];
    for (let turn = 0; turn < 3; turn++) {
      const item = (await feed.next()) as Claimed;
      taken.push(item.file.path);
      if (turn === 2) break;
      const { itemId, attempt, claimNumber } = item;
      await queue.settle(session, [{ itemId, attempt, claimNumber, outcome: 'passed', durationMs: 5, detail: null }]);
      feed.done(item, 5);
    }
    const { running } = await queue.waiting(session, 100);
    await feed.close();
    expect(taken.slice(0, 2)).toEqual(['short-1', 'short-2']);
    expect(running).toHaveLength(1);
  });

  test('is a few once files are seen to be short', async () => {
    expect(await runTwo(10)).toBeGreaterThan(2);
  });
});

test('the start of an item that was held before is recorded before it runs: it may be what kills nodes', async () => {
  const { queue: far, session: first } = await joinFarQueue();
  await far.claim(first, { count: 30, startNow: 0, known: [] });
  await far.leave(first);
  const started = new Map<number, 'by the claim' | 'by itself'>();
  const queue: Queue = {
    ...far,
    claim: async (...call) => {
      const items = await far.claim(...call);
      for (const { itemId } of items.slice(0, call[1].startNow)) started.set(itemId, 'by the claim');
      return items;
    },
    start: async (...call) => {
      await far.start(...call);
      for (const { itemId } of call[1]) started.set(itemId, 'by itself');
    },
  };
  const entries = entriesOf(Array.from({ length: 30 }, (_, index) => ({ path: `f${index}`, ms: 1 })));
  const { session } = await queue.join(joinRequest({ runId: 'b', node: '2', entries }));
  const loop = createClaimLoop({ queue, session, workers: 1 });
  for (let turn = 0; turn < 6; turn++) {
    const item = (await loop.next()) as Claimed;
    expect([item.claimNumber, started.get(item.itemId)]).toEqual([2, expect.any(String)]);
    const { itemId, attempt, claimNumber } = item;
    await queue.settle(session, [{ itemId, attempt, claimNumber, outcome: 'passed', durationMs: 5, detail: null }]);
    loop.done(item, 5);
    await sleep(3 * CLAIM_MS);
  }
  // Claimed ahead, once the files are known to be short.
  expect([...started.values()]).toContain('by itself');
  await loop.close();
});

describe('a node without work', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  test('says what it waits for after half a minute, then each minute, and not before', async () => {
    const queue = createMemoryQueue({ now: () => 0 });
    const request = { runId: 'b', entries: entriesOf(['long']) };
    const other = (await queue.join(joinRequest({ ...request, node: '2' }))).session;
    const [held] = await queue.claim(other, { count: 1, startNow: 1, known: [] });
    const { session } = await queue.join(joinRequest(request));
    let passedMs = 0;
    const real = Date.now.bind(Date);
    jest.spyOn(Date, 'now').mockImplementation(() => real() + passedMs);
    const told: Waiting[] = [];
    const feed = createClaimLoop({ queue, session, workers: 1, onWaiting: (waiting) => told.push(waiting) });
    const next = feed.next();
    // Longer than the longest pause between two questions.
    const afterMs = async (ms: number): Promise<number> => {
      passedMs = ms;
      await sleep(700);
      return told.length;
    };
    expect(await afterMs(0)).toBe(0);
    expect(await afterMs(31_000)).toBe(1);
    expect(await afterMs(60_000)).toBe(1);
    expect(await afterMs(95_000)).toBe(2);
    expect(told[0]).toMatchObject({ items: 1, open: 1, running: [{ key: 'long', node: '2' }] });
    await queue.settle(other, [resultOf(held as Claimed)]);
    expect(await next).toBeUndefined();
    await feed.close();
  });

  test('delivers what it has before it asks whether the run is finished', async () => {
    const queue = createMemoryQueue({ now: () => 0 });
    const { session } = await queue.join(joinRequest({ runId: 'b', entries: entriesOf(['a']) }));
    const asked: string[] = [];
    const watched: Queue = {
      ...queue,
      settle: (...args) => {
        asked.push('settle');
        return queue.settle(...args);
      },
      finish: (...args) => {
        asked.push('finish');
        return queue.finish(...args);
      },
    };
    const settler = createResultBatcher(watched, session);
    const feed = createClaimLoop({ queue: watched, session, workers: 2, flush: settler.flush });
    const item = (await feed.next()) as Claimed;
    void settler.settle(resultOf(item), false).then(() => feed.done(item, 1));
    expect(await feed.next()).toBeUndefined();
    expect(feed.end).toEqual({ kind: 'finished' });
    expect(asked).toEqual(['settle', 'finish']);
    await feed.close();
  });
});

describe('a node that was suspended for longer than half its lease', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  test('does not start what it no longer holds', async () => {
    let nowMs = 0;
    const queue = createMemoryQueue({ now: () => nowMs });
    const request = { runId: 'b', entries: entriesOf(['a', 'b', 'c', 'd', 'e', 'f'].map((path) => ({ path, ms: 1 }))) };
    const { session } = await queue.join(joinRequest(request));
    const feed = createClaimLoop({ queue, session, workers: 1 });
    const first = (await feed.next()) as Claimed;
    await queue.settle(session, [resultOf(first)]);
    feed.done(first, 1);
    const second = (await feed.next()) as Claimed;
    await sleep(10);
    expect((await queue.waiting(session, 100)).running.length).toBeGreaterThan(1);

    // Meanwhile another node finds its lease ended and takes everything.
    const real = Date.now.bind(Date);
    nowMs += session.limits.leaseMs + 1;
    jest.spyOn(Date, 'now').mockImplementation(() => real() + nowMs);
    const other = (await queue.join(joinRequest({ ...request, node: '2' }))).session;
    await queue.sweep(other, 0);
    const taken = await queue.claim(other, { count: 6, startNow: 6, known: [] });
    expect(taken).toHaveLength(5);

    const next = feed.next();
    await queue.settle(
      other,
      taken.map((item) => resultOf(item)),
    );
    expect(await next).toBeUndefined();
    expect(await queue.settle(session, [resultOf(second)])).toMatchObject([{ decision: 'superseded' }]);
    await feed.close();
  });
});
