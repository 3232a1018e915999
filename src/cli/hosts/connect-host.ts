/** Starts the agent on a host, over ssh. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DistributedError } from '../../errors';
import type { HostSettings } from '../../options/hosts';
import { checkNode, connectionError, nodeMissing, sshMissing } from './host-errors';
import { type AgentCalls, type AgentEvents, HELLO, type Hello, NO_NODE, type SocketEvents } from './protocol';
import { agentCommand, sshArguments } from './remote-command';
import { openWire, type Wire } from './wire';

export type AgentWire = Wire<AgentCalls, SocketEvents, AgentEvents & SocketEvents>;

export interface Connection {
  readonly wire: AgentWire;
  readonly node: string;
  /** Ends ssh at once. */
  readonly kill: () => void;
}

const AGENT = path.join(__dirname, 'agent', 'agent.bundle.js');

/** What ssh and the shells of the host print is kept up to this length. */
const MOST_TEXT = 64 * 1024;

/** A host that lets one in and then says nothing has this long: its shell may be slow to start. */
const HELLO_MS = 30_000;

/** Waits for the line with which the remote command begins; what comes after it stays in the stream. */
function readHello(child: ChildProcess, target: string, sshConfig: string | null): Promise<Hello> {
  const { stdout, stderr } = child as ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream };
  return new Promise((resolve, reject) => {
    let text = '';
    let errors = '';
    const done = (work: () => void) => {
      clearTimeout(timer);
      stdout.removeListener('readable', read);
      work();
    };
    const read = () => {
      // Byte by byte: what follows the line belongs to the calls.
      for (;;) {
        const byte = stdout.read(1) as Buffer | string | null;
        if (byte === null) return;
        text += byte.toString('latin1' as never);
        if (text.length > MOST_TEXT) text = text.slice(-MOST_TEXT / 2);
        if (!text.endsWith('\n')) continue;
        const line = text.trimEnd().split('\n').at(-1) as string;
        const noNode = line.indexOf(NO_NODE);
        if (noNode >= 0) return done(() => reject(nodeMissing(target, line.slice(noNode + NO_NODE.length))));
        const hello = line.indexOf(HELLO);
        if (hello >= 0) return done(() => resolve(JSON.parse(line.slice(hello + HELLO.length)) as Hello));
      }
    };
    const timer = setTimeout(() => {
      done(() => reject(connectionError(target, sshConfig, `${errors}\nConnection timed out`, null)));
      child.kill('SIGKILL');
    }, HELLO_MS);
    stdout.on('readable', read);
    stderr.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString()).slice(-MOST_TEXT);
    });
    child.on('error', (error: NodeJS.ErrnoException) =>
      done(() => reject(error.code === 'ENOENT' ? sshMissing(error) : error)),
    );
    child.on('close', (exitCode) => done(() => reject(connectionError(target, sshConfig, errors, exitCode))));
  });
}

/**
 * @param stop ends what is not connected yet.
 * @throws DistributedError where the host cannot be reached or has no Node like this one.
 */
export async function connectHost(
  { target, path: folders }: HostSettings,
  sshConfig: string | null,
  stop?: AbortSignal,
): Promise<Connection> {
  const agent = readFileSync(AGENT);
  const command = agentCommand(folders, agent.length);
  const child = spawn('ssh', sshArguments(target, sshConfig, command), {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Ctrl-C is for this process, which ends the connections in its own order.
    detached: process.platform !== 'win32',
  });
  child.stdin.on('error', () => undefined);
  const kill = () => void child.kill('SIGKILL');
  stop?.addEventListener('abort', kill);
  try {
    if (stop?.aborted) kill();
    const { node } = await readHello(child, target, sshConfig);
    checkNode(target, node);
    child.stdin.write(agent);
    const wire: AgentWire = openWire<AgentCalls, SocketEvents, AgentEvents & SocketEvents, object>(
      child.stdout,
      child.stdin,
      {},
    );
    child.on('close', () => wire.close());
    return { wire, node, kill };
  } catch (error) {
    kill();
    throw error;
  } finally {
    stop?.removeEventListener('abort', kill);
  }
}

/** What the agent gets to hear that it is not needed any more; the end of the connection says it too. */
const CLOSE_MS = 1_000;

/** Gives the folder on the host free, and ends ssh. */
export async function endConnection({ wire, kill }: Connection): Promise<void> {
  await Promise.race([wire.call('close', {}).catch(() => undefined), sleep(CLOSE_MS, undefined, { ref: false })]);
  wire.close();
  kill();
}

/** The connection ended while something was asked. */
export const connectionLost = (target: string): DistributedError =>
  new DistributedError({
    code: 'HOST_LOST',
    message: `The connection to ${target} ended.`,
    remedy: 'Look at the host: was it suspended or restarted, or its network cut?',
  });
