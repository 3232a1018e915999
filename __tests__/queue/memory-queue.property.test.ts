import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createMemoryQueue } from '../../src/queue/memory-queue';
import type { Lease } from '../../src/queue/queue';
import { entriesOf, joinRequest, resultOf } from '../contracts/queue';

const NODES = 3;
const ITEMS = 4;

const step = fc.record({
  node: fc.nat(NODES - 1),
  act: fc.constantFrom('claim', 'pass', 'fail', 'late', 'elapse', 'sweep', 'heartbeat', 'expire', 'leave', 'rejoin'),
  pick: fc.nat(9),
});

test('whatever happens in whatever order, every item gets exactly one accepted result an attempt', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 80 }), fc.nat(2), async (steps, maxRetries) => {
      let nowMs = 0;
      const queue = createMemoryQueue({ now: () => nowMs });
      const limits = { leaseMs: 100, maxFileMs: 10_000, maxCrashes: 3, maxRetries };
      const entries = entriesOf(Array.from({ length: ITEMS }, (_, index) => ({ path: `f${index}`, home: index % 2 })));
      const join = async (node: number) =>
        (await queue.join(joinRequest({ runId: 'b', node: String(node), home: node, entries, limits }))).session;
      const seats = await Promise.all(Array.from({ length: NODES }, (_, node) => join(node)));
      const taken: Lease[][] = seats.map(() => []);

      for (const { node, act, pick } of steps) {
        const seat = seats[node] as (typeof seats)[number];
        const mine = taken[node] as Lease[];
        const lease = mine[pick % Math.max(1, mine.length)];
        if (act === 'claim')
          mine.push(...(await queue.claim(seat, { count: 1 + (pick % 2), startNow: 1, known: mine })));
        // A lease is used again and again: results are delivered twice, and long after they were lost.
        else if (act === 'pass' && lease) await queue.settle(seat, [resultOf(lease)]);
        else if (act === 'fail' && lease) await queue.settle(seat, [resultOf(lease, 'failed')]);
        else if (act === 'late' && lease) {
          const other = seats[(node + 1) % NODES] as (typeof seats)[number];
          await queue.settle(other, [resultOf(lease, pick % 2 === 0 ? 'failed' : 'passed')]);
        } else if (act === 'elapse') nowMs += 60;
        else if (act === 'sweep') await queue.sweep(seat, 0);
        else if (act === 'heartbeat') await queue.heartbeat(seat).catch(() => undefined);
        else if (act === 'expire') await queue.expire(seat);
        else if (act === 'leave') await queue.leave(seat);
        else if (act === 'rejoin') {
          seats[node] = await join(node);
          taken[node] = [];
        }
      }

      // All die but one, who must be able to bring it to its end.
      nowMs += 1000;
      const last = await join(NODES);
      for (let turn = 0; !(await queue.finish(last)).finished; turn++) {
        expect(turn).toBeLessThan(200);
        await queue.heartbeat(last);
        await queue.sweep(last, 0);
        const claimed = await queue.claim(last, { count: ITEMS, startNow: ITEMS, known: [] });
        await queue.settle(
          last,
          claimed.map((lease) => resultOf(lease)),
        );
      }
      const accepted = (await queue.history(last)).filter(({ decision }) => decision === 'accepted');
      expect(accepted.map(({ key }) => key).sort()).toEqual(['f0', 'f1', 'f2', 'f3']);
      expect(await queue.accepted(last)).toHaveLength(ITEMS);
    }),
    { numRuns: 300 },
  );
});
