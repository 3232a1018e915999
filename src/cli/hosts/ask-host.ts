/** One question to a host, without a run. */
import type { HostSettings } from '../../options/hosts';
import { type AgentWire, connectHost, connectionLost, endConnection } from './connect-host';

/**
 * Connects, asks, and ends the connection.
 *
 * @throws DistributedError where the host cannot be used, or as the question fails.
 */
export async function askHost<Answer>(
  host: HostSettings,
  sshConfig: string | null,
  question: (wire: AgentWire) => Promise<Answer>,
): Promise<Answer> {
  const connection = await connectHost(host, sshConfig);
  const { wire } = connection;
  try {
    return await new Promise<Answer>((resolve, reject) => {
      wire.onClose(() => reject(connectionLost(host.target)));
      wire.listen();
      question(wire).then(resolve, reject);
    });
  } finally {
    await endConnection(connection);
  }
}
