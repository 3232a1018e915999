/** Connections carried over the wire, by number: at one end each is a client's, at the other the queue's. */
import type { Socket } from 'node:net';
import type { SocketEvents } from './protocol';
import type { Wire } from './wire';

export type SocketWire = Pick<Wire<object, SocketEvents, SocketEvents>, 'send' | 'on'>;

export interface CarriedSockets {
  /** From now on what it says goes to the other end, and the other way. */
  readonly carry: (id: number, socket: Socket) => void;
  /** Ends all of them. */
  readonly end: () => void;
}

export function carrySockets(wire: SocketWire): CarriedSockets {
  const sockets = new Map<number, Socket>();
  wire.on('socket-data', ({ socket, data }) => void sockets.get(socket)?.write(data));
  wire.on('socket-close', ({ socket: id }) => {
    const socket = sockets.get(id);
    sockets.delete(id);
    socket?.destroy();
  });
  return {
    carry: (id, socket) => {
      sockets.set(id, socket);
      socket.setEncoding('utf8');
      socket.on('data', (data: string) => {
        socket.pause();
        void wire.send('socket-data', { socket: id, data }).then(() => socket.resume());
      });
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        if (sockets.delete(id)) void wire.send('socket-close', { socket: id });
      });
    },
    end: () => {
      for (const socket of sockets.values()) socket.destroy();
    },
  };
}
