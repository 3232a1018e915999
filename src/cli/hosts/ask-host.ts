/** One question to a host, without a run. */
import type { HostSettings } from '../../options/hosts';
import { type AgentWire, connectHost, connectionLost } from './connect-host';

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
  const { wire, kill } = await connectHost(host, sshConfig);
  try {
    return await new Promise<Answer>((resolve, reject) => {
      wire.onClose(() => reject(connectionLost(host.target)));
      wire.listen();
      question(wire).then(resolve, reject);
    });
  } finally {
    await wire.call('close', {}).catch(() => undefined);
    wire.close();
    kill();
  }
}
