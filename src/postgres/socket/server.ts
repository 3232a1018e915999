/** Lets other processes of this machine use a queue that this process owns. */
import { createServer, type Socket } from 'node:net';
import { lineSplitter } from '../../files/split-lines';
import type { Joined, Queue, QueueSession } from '../../queue/queue';
import { METHODS, packError, type SocketRequest, type SocketResponse } from './protocol';

export interface QueueServer {
  /** Ends connections; the queue stays open. */
  close(): Promise<void>;
}

/**
 * @param socketPath path of a Unix socket in a folder that only this user may enter (or a named pipe on Windows): who
 * can connect can claim.
 */
export function serveQueue(queue: Queue, socketPath: string): Promise<QueueServer> {
  const sockets = new Set<Socket>();
  let isClosing = false;
  const server = createServer((socket) => {
    sockets.add(socket);
    const sessions: QueueSession[] = [];
    socket.setEncoding('utf8');
    socket.on(
      'data',
      lineSplitter((line) => void answer(queue, line, sessions).then((response) => socket.write(response))),
    );
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      // The process that joined by it has ended, killed or not: what it held goes to others now and not after its lease.
      // Where that fails the lease still ends.
      for (const session of sessions) if (!isClosing) queue.expire(session).catch(() => undefined);
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, () => {
      resolve({
        close: () =>
          new Promise((closed) => {
            isClosing = true;
            server.close(() => closed());
            for (const socket of sockets) socket.destroy();
          }),
      });
    });
  });
}

/** @param sessions gets every session that this connection opens. */
async function answer(queue: Queue, line: string, sessions: QueueSession[]): Promise<string> {
  const { id, method, args } = JSON.parse(line) as SocketRequest;
  let response: SocketResponse;
  try {
    if (!METHODS.includes(method)) throw new Error(`unknown method ${method}`);
    const work = queue[method] as ((...values: readonly unknown[]) => Promise<unknown>) | undefined;
    // Only estimates may be absent: a queue in memory remembers nothing.
    const result = work === undefined ? [] : await work(...args);
    if (method === 'join') sessions.push((result as Joined).session);
    response = { id, result: result ?? null };
  } catch (error) {
    response = { id, error: packError(error) };
  }
  return `${JSON.stringify(response)}\n`;
}
