/** The thread that `heartbeat-thread.ts` starts. */
import { setTimeout as sleep } from 'node:timers/promises';
import { workerData } from 'node:worker_threads';
import { isDistributedError } from '../errors';
import { heartbeatMs } from '../queue/heartbeat-interval';
import type { Queue } from '../queue/queue';
import { createPgClient } from './client/pg-client';
import type { HeartbeatOrder, HeartbeatTarget } from './heartbeat-thread';
import { createPostgresQueue } from './postgres-queue';
import { connectQueue } from './socket/client';

async function open(target: HeartbeatTarget): Promise<Queue> {
  if (target.kind === 'owner') return connectQueue(target.socketPath);
  const { url, source, schema } = target;
  return createPostgresQueue(createPgClient({ url, source, connections: 1 }), schema);
}

/** Heartbeats of the main thread; so late it is blocked, or waits for the database itself. */
const LATE = 4 / 3;

async function sendHeartbeats({ target, session, lastHeartbeat }: HeartbeatOrder): Promise<void> {
  const everyMs = heartbeatMs(session.limits);
  const last = new Float64Array(lastHeartbeat);
  let queue: Queue | undefined;
  for (;;) {
    await sleep(everyMs / 2);
    if (Date.now() - (last[0] as number) < everyMs * LATE) continue;
    try {
      queue ??= await open(target);
      await queue.heartbeat(session);
      last[0] = Date.now();
    } catch (error) {
      // Left, or the owner ended: nothing to keep alive. Anything else passes, or shows in the main thread.
      if (isDistributedError(error) && /^QUEUE_/.test(error.code)) return queue?.close();
    }
  }
}

void sendHeartbeats(workerData as HeartbeatOrder);
