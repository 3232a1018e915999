/**
 * A socket on this host behind which the queue of the initiator is: its nodes speak to it as to one of their own machine.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SocketEvents } from '../protocol';
import type { Wire } from '../wire';

/** Bytes that every system takes as the path of a socket. */
const LONGEST_SOCKET = 100;

export interface SocketRelay {
  readonly socketPath: string;
  readonly close: () => void;
}

type SocketWire = Pick<Wire<object, SocketEvents, SocketEvents>, 'send' | 'on'>;

/** @param folder absolute, private: who can connect can claim. */
export async function relaySockets(folder: string, wire: SocketWire): Promise<SocketRelay> {
  const inside = path.join(folder, 'queue');
  const other = Buffer.byteLength(inside) > LONGEST_SOCKET ? mkdtempSync(path.join(tmpdir(), 'jdq-')) : undefined;
  const socketPath = other === undefined ? inside : path.join(other, 'queue');
  const sockets = new Map<number, Socket>();
  let opened = 0;
  const server = createServer((socket) => {
    opened += 1;
    const id = opened;
    sockets.set(id, socket);
    void wire.send('socket-open', { socket: id });
    socket.setEncoding('utf8');
    socket.on('data', (data: string) => {
      socket.pause();
      void wire.send('socket-data', { socket: id, data }).then(() => socket.resume());
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      if (sockets.delete(id)) void wire.send('socket-close', { socket: id });
    });
  });
  wire.on('socket-data', ({ socket, data }) => void sockets.get(socket)?.write(data));
  wire.on('socket-close', ({ socket }) => {
    const open = sockets.get(socket);
    sockets.delete(socket);
    open?.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  return {
    socketPath,
    close: () => {
      server.close();
      for (const socket of sockets.values()) socket.destroy();
      if (other !== undefined) rmSync(other, { recursive: true, force: true });
    },
  };
}
