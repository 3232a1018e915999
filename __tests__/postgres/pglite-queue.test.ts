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

async function startServer(): Promise<{ server: ChildProcess; socket: string; folder: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'jd-server-'));
  const socket = path.join(folder, 'queue.sock');
  const server = fork(path.join(__dirname, '../support/pglite-server.ts'), [socket], {
    execArgv: ['-r', 'esbuild-register'],
  });
  owners.push(server);
  await once(server, 'message');
  return { server, socket, folder };
}

afterAll(() => {
  for (const server of owners) server.kill('SIGKILL');
});

queueContract('PGlite in one server process, asked over a socket', async () => {
  const { server, socket, folder } = await startServer();
  return {
    open: (): Promise<Queue> => connectQueue(socket),
    elapse: async (ms) => {
      server.send(ms);
      await once(server, 'message');
    },
    close: async () => {
      server.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
});

test('a queue server that is gone is an error that names it, in the middle and at the start', async () => {
  const { server, socket, folder } = await startServer();
  const queue = await connectQueue(socket);
  const { session } = await queue.join(joinRequest({ runId: 'b' }));
  server.kill('SIGKILL');
  await once(server, 'exit');
  const gone = {
    code: 'QUEUE_SERVER_GONE',
    message: expect.stringContaining('The queue server of this machine does not answer'),
  };
  await expect(queue.heartbeat(session)).rejects.toMatchObject(gone);
  await expect(connectQueue(socket)).rejects.toMatchObject(gone);
  await rm(folder, { recursive: true, force: true });
});
