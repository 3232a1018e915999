/** Lets other processes of this machine use a queue that this process owns. */
import { createServer, type Socket } from 'node:net';
import type { Queue } from '../../queue/queue';
import { type Answer, lineSplitter, METHODS, packError, type Question } from './protocol';

export interface QueueOwner {
  /** Ends connections; the queue stays open. */
  close(): Promise<void>;
}

/**
 * @param socketPath path of a Unix socket in a folder that only this user may enter (or a named pipe on Windows): who
 * can connect can claim.
 */
export function serveQueue(queue: Queue, socketPath: string): Promise<QueueOwner> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setEncoding('utf8');
    socket.on(
      'data',
      lineSplitter((line) => void answer(queue, line).then((said) => socket.write(said))),
    );
    // A node that was killed; its lease ends by itself.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, () => {
      resolve({
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            for (const socket of sockets) socket.destroy();
          }),
      });
    });
  });
}

async function answer(queue: Queue, line: string): Promise<string> {
  const { id, method, args } = JSON.parse(line) as Question;
  let said: Answer;
  try {
    if (!METHODS.includes(method)) throw new Error(`unknown method ${method}`);
    const work = queue[method] as ((...values: readonly unknown[]) => Promise<unknown>) | undefined;
    // Only estimates may be absent: a queue in memory remembers nothing.
    const result = work === undefined ? [] : await work(...args);
    said = { id, result: result ?? null };
  } catch (error) {
    said = { id, error: packError(error) };
  }
  return `${JSON.stringify(said)}\n`;
}
