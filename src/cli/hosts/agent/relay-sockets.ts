/**
 * A socket on this host behind which the queue of the initiator is: its nodes speak to it as to one of their own machine.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { carrySockets, type SocketWire } from '../carry-sockets';

/** Bytes that every system takes as the path of a socket. */
const LONGEST_SOCKET = 100;

export interface SocketRelay {
  readonly socketPath: string;
  readonly close: () => void;
}

/** @param folder absolute, private: who can connect can claim. */
export async function relaySockets(folder: string, wire: SocketWire): Promise<SocketRelay> {
  const inside = path.join(folder, 'queue');
  const other = Buffer.byteLength(inside) > LONGEST_SOCKET ? mkdtempSync(path.join(tmpdir(), 'jdq-')) : undefined;
  const socketPath = other === undefined ? inside : path.join(other, 'queue');
  const { carry, end } = carrySockets(wire);
  let opened = 0;
  const server = createServer((socket) => {
    opened += 1;
    // The other end hears of it before it hears what it says.
    void wire.send('socket-open', { socket: opened });
    carry(opened, socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  return {
    socketPath,
    close: () => {
      server.close();
      end();
      if (other !== undefined) rmSync(other, { recursive: true, force: true });
    },
  };
}
