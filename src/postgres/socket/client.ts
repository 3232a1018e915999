/** A queue that another process of this machine owns. */
import { connect as connectSocket, type Socket } from 'node:net';
import { DistributedError } from '../../errors';
import { lineSplitter } from '../../files/split-lines';
import type { Queue } from '../../queue/queue';
import { withHeartbeatThread } from '../heartbeat-thread';
import { METHODS, type Method, type SocketResponse, unpackError } from './protocol';

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** @throws DistributedError `QUEUE_SERVER_GONE`, now or from any later question. */
export async function connectQueue(socketPath: string): Promise<Queue> {
  const waiting = new Map<number, Waiting>();
  const socket = await open(socketPath);
  let isGone = false;
  let asked = 0;
  socket.setEncoding('utf8');
  socket.on(
    'data',
    lineSplitter((line) => {
      const response = JSON.parse(line) as SocketResponse;
      const asker = waiting.get(response.id);
      waiting.delete(response.id);
      if (waiting.size === 0) socket.unref();
      if ('error' in response) asker?.reject(unpackError(response.error));
      else asker?.resolve(response.result);
    }),
  );
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    isGone = true;
    for (const { reject } of waiting.values()) reject(serverGone(socketPath));
    waiting.clear();
  });
  // Nothing keeps this process alive but an open question.
  socket.unref();

  const ask = (method: Method, args: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (isGone) return reject(serverGone(socketPath));
      asked += 1;
      waiting.set(asked, { resolve, reject });
      socket.ref();
      socket.write(`${JSON.stringify({ id: asked, method, args })}\n`);
    });
  const methods = METHODS.map((method) => [method, (...args: readonly unknown[]) => ask(method, args)]);
  const queue: Queue = {
    ...(Object.fromEntries(methods) as unknown as Queue),
    close: async () => {
      socket.destroy();
    },
  };
  return withHeartbeatThread(queue, { kind: 'owner', socketPath });
}

function open(socketPath: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket(socketPath);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', (cause) => reject(serverGone(socketPath, cause)));
  });
}

function serverGone(socketPath: string, cause?: unknown): DistributedError {
  return new DistributedError({
    code: 'QUEUE_SERVER_GONE',
    message: `The queue server of this machine does not answer (${socketPath}).`,
    remedy: 'The queue server ended before its nodes. Look at its output above and start the run again.',
    cause,
  });
}
