/** The thread that `pulse-thread.ts` starts. */
import { setTimeout as sleep } from 'node:timers/promises';
import { workerData } from 'node:worker_threads';
import { isDistributedError } from '../errors';
import type { Queue } from '../queue/queue';
import { connectQueue } from './owner/connect';
import { createPgClient } from './pg-client';
import { createPostgresQueue } from './postgres-queue';
import type { PulseOrder, PulseTarget } from './pulse-thread';

async function open(target: PulseTarget): Promise<Queue> {
  if (target.kind === 'owner') return connectQueue(target.socketPath);
  const { url, source, schema } = target;
  return createPostgresQueue(createPgClient({ url, source, connections: 1 }), schema);
}

async function beat({ target, session }: PulseOrder): Promise<void> {
  const queue = await open(target);
  for (;;) {
    await sleep(session.limits.leaseMs / 4);
    try {
      await queue.heartbeat(session);
    } catch (error) {
      // Left, or the owner ended: nothing to keep alive. Anything else passes, or shows in the main thread.
      if (isDistributedError(error) && /^QUEUE_/.test(error.code)) return queue.close();
    }
  }
}

void beat(workerData as PulseOrder);
