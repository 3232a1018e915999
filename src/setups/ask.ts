/**
 * Asks the process that runs hooks and fixtures, where it is there.
 *
 * Loaded by every test file that uses a fixture, in Jest's sandbox: so it loads nothing else, and takes what it needs of
 * Node.js by a way that tests cannot have mocked.
 */
import { type SetupRequest, type SetupResponse, socketOf } from './protocol';

const net = process.getBuiltinModule('node:net');
const timers = process.getBuiltinModule('node:timers');

/** Why there is no response. */
export type NoResponse =
  /** Nobody listens (yet, or any more). */
  | 'nobody'
  /** It has ended while it worked on this. */
  | 'ended'
  /** It took longer than it may. */
  | 'blocked';

/** What blocks that process is not seen by itself; it gets this much more. */
export const BLOCKED_MS = 3_000;

export function ask(folder: string, request: SetupRequest, limitMs: number): Promise<SetupResponse | NoResponse> {
  return new Promise((resolve) => {
    let text = '';
    let lack: NoResponse = 'nobody';
    const socket = net.connect(socketOf(folder));
    const timer = timers.setTimeout(() => {
      lack = 'blocked';
      socket.destroy();
    }, limitMs);
    socket.setEncoding('utf8');
    socket.on('connect', () => {
      lack = 'ended';
      socket.write(`${JSON.stringify(request)}\n`);
    });
    socket.on('data', (chunk: string) => {
      text += chunk;
    });
    // 'close' comes next.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      timers.clearTimeout(timer);
      resolve(text.endsWith('\n') ? (JSON.parse(text) as SetupResponse) : lack);
    });
  });
}
