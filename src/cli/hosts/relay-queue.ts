/** Connections of a host's node, each continued to the queue that this process serves. */
import { connect, type Socket } from 'node:net';
import type { AgentWire } from './connect-host';

/** @returns ends all of them: what their nodes hold goes to others at once. */
export function relayQueue(wire: AgentWire, socketPath: string): () => void {
  const sockets = new Map<number, Socket>();
  wire.on('socket-open', ({ socket: id }) => {
    const socket = connect(socketPath);
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
  });
  wire.on('socket-data', ({ socket, data }) => void sockets.get(socket)?.write(data));
  wire.on('socket-close', ({ socket: id }) => {
    const socket = sockets.get(id);
    sockets.delete(id);
    socket?.destroy();
  });
  const end = () => {
    for (const socket of sockets.values()) socket.destroy();
    sockets.clear();
  };
  wire.onClose(end);
  return end;
}
