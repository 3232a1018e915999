/** Connections of a host's node, each continued to the queue that this process serves. */
import { connect } from 'node:net';
import { carrySockets } from './carry-sockets';
import type { AgentWire } from './connect-host';

/** They end with the wire: what their nodes hold goes to others at once. */
export function relayQueue(wire: AgentWire, socketPath: string): void {
  const { carry, end } = carrySockets(wire);
  wire.on('socket-open', ({ socket }) => carry(socket, connect(socketPath)));
  wire.onClose(end);
}
