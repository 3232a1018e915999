import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, jest, test } from '@jest/globals';
import { connectQueue } from '../../src/postgres/socket/client';
import type { Queue } from '../../src/queue/queue';
import { joinRequest, queueContract } from '../contracts/queue';

// PGlite takes some four seconds of CPU to start.
jest.setTimeout(120_000);

const owners: ChildProcess[] = [];

async function startOwner(): Promise<{ owner: ChildProcess; socket: string; folder: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'jd-owner-'));
  const socket = path.join(folder, 'queue.sock');
  const owner = fork(path.join(__dirname, '../support/pglite-server.ts'), [socket], {
    execArgv: ['-r', 'esbuild-register'],
  });
  owners.push(owner);
  await once(owner, 'message');
  return { owner, socket, folder };
}

afterAll(() => {
  for (const owner of owners) owner.kill('SIGKILL');
});

queueContract('PGlite in one owner process, asked over a socket', async () => {
  const { owner, socket, folder } = await startOwner();
  return {
    open: (): Promise<Queue> => connectQueue(socket),
    elapse: async (ms) => {
      owner.send(ms);
      await once(owner, 'message');
    },
    close: async () => {
      owner.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
});

test('an owner that is gone is said so, in the middle and at the start', async () => {
  const { owner, socket, folder } = await startOwner();
  const queue = await connectQueue(socket);
  const { session } = await queue.join(joinRequest({ runId: 'b' }));
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  const gone = {
    code: 'QUEUE_SERVER_GONE',
    message: expect.stringContaining("owns this machine's queue does not answer"),
  };
  await expect(queue.heartbeat(session)).rejects.toMatchObject(gone);
  await expect(connectQueue(socket)).rejects.toMatchObject(gone);
  await rm(folder, { recursive: true, force: true });
});
