/**
 * Hosts on this machine that a real ssh reaches: an sshd each, with a port, a key and a home of its own. No right of root
 * is needed, and nothing of the user's own ssh is read or written.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface SshHosts {
  readonly names: readonly string[];
  /** For `sshConfig`. */
  readonly config: string;
  /** Absolute. */
  readonly folder: string;
  /** Home of the user on a host. */
  readonly homeOf: (name: string) => string;
  /** Processes whose home is on one of the hosts, without the servers themselves. */
  /** The way from ssh to a host; not where they are reached directly. */
  readonly linkOf: (name: string) => Link;
  /** Processes of the servers. */
  readonly servers: readonly number[];
  readonly processes: () => readonly { readonly pid: number; readonly command: string }[];
  readonly stop: () => void;
}

/** A proxy between ssh and a server. */
export interface Link {
  readonly port: number;
  /** Ends all connections, by FIN or by RST. */
  readonly cut: (how: 'end' | 'reset') => void;
  /** From now on nothing passes, and nobody hears of it; new connections neither. */
  readonly stall: () => void;
  /** New connections pass again. */
  readonly mend: () => void;
  readonly close: () => void;
}

function openLink(port: number): Promise<Link> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let isStalled = false;
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    const pair = [near, far] as const;
    pairs.add(pair);
    for (const [one, other] of [pair, [far, near] as const]) {
      one.on('error', () => undefined);
      one.on('close', () => {
        if (!isStalled) other.destroy();
        pairs.delete(pair);
      });
    }
    if (isStalled) return;
    near.pipe(far);
    far.pipe(near);
  });
  const each = (work: (socket: Socket) => void) => {
    for (const pair of pairs) for (const socket of pair) work(socket);
  };
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve({
        port: (server.address() as { port: number }).port,
        cut: (how) => each((socket) => (how === 'end' ? socket.destroy() : socket.resetAndDestroy())),
        stall: () => {
          isStalled = true;
          each((socket) => {
            socket.unpipe();
            socket.pause();
          });
        },
        mend: () => {
          isStalled = false;
        },
        close: () => {
          each((socket) => socket.destroy());
          server.close();
        },
      }),
    );
  });
}

const SSHD = ['/usr/sbin/sshd', '/usr/local/sbin/sshd'].find((file) => existsSync(file)) ?? 'sshd';

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function waitForPort(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
    if (isOpen) return;
    await sleep(50);
  }
  throw new Error(`no sshd on port ${port}`);
}

function makeKey(file: string): string {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', file]);
  return readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
}

/**
 * @param variables of what ssh starts on a host, besides its home.
 * @param isDirect no link before each server, which would be a part of this very process.
 */
export async function startSshHosts(
  names: readonly string[],
  variables: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
  isDirect = false,
): Promise<SshHosts> {
  // Root's sshd insists on it.
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true });
  const folder = mkdtempSync(path.join(tmpdir(), 'jdh-'));
  const config = path.join(folder, 'ssh_config');
  const own = makeKey(path.join(folder, 'id'));
  const servers: ChildProcess[] = [];
  const links = new Map<string, Link>();
  const known: string[] = [];
  const hosts: string[] = [];
  for (const name of names) {
    const place = path.join(folder, name);
    mkdirSync(path.join(place, 'home'), { recursive: true });
    writeFileSync(path.join(place, 'authorized'), `${own}\n`, { mode: 0o600 });
    const port = await freePort();
    const key = makeKey(path.join(place, 'key'));
    const lines = [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${path.join(place, 'key')}`,
      'PidFile none',
      `AuthorizedKeysFile ${path.join(place, 'authorized')}`,
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'MaxStartups 100',
      `SetEnv ${Object.entries({ HOME: path.join(place, 'home'), ...variables[name] })
        .map(([variable, value]) => `"${variable}=${value}"`)
        .join(' ')}`,
    ];
    writeFileSync(path.join(place, 'sshd_config'), `${lines.join('\n')}\n`);
    servers.push(
      spawn(SSHD, ['-D', '-e', '-f', path.join(place, 'sshd_config')], {
        stdio: ['ignore', 'ignore', 'ignore'],
      }),
    );
    await waitForPort(port);
    const link = isDirect ? undefined : await openLink(port);
    if (link !== undefined) links.set(name, link);
    const reached = link?.port ?? port;
    known.push(`[127.0.0.1]:${reached} ${key}`);
    hosts.push(
      `Host ${name}`,
      '  HostName 127.0.0.1',
      `  Port ${reached}`,
      `  User ${userInfo().username}`,
      `  IdentityFile ${path.join(folder, 'id')}`,
      '  IdentitiesOnly yes',
      `  UserKnownHostsFile ${path.join(folder, 'known_hosts')}`,
    );
  }
  writeFileSync(path.join(folder, 'known_hosts'), `${known.join('\n')}\n`);
  writeFileSync(config, `${hosts.join('\n')}\n`);
  return {
    ...{ names, config, folder },
    servers: servers.map(({ pid }) => pid as number),
    homeOf: (name) => path.join(folder, name, 'home'),
    linkOf: (name) => links.get(name) as Link,
    processes: () => processesBelow(`HOME=${folder}/`),
    stop: () => {
      for (const link of links.values()) link.close();
      for (const server of servers) server.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What ssh has started on the hosts: their variables say where they are at home. */
function processesBelow(variable: string): { pid: number; command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
        return variables.some((one) => one.startsWith(variable)) ? [{ pid: Number(pid), command }] : [];
      } catch {
        // Gone, or another user's.
        return [];
      }
    });
}

/** Processes that one has started and that run, with their words. */
export function childrenOf(parent: number): { readonly pid: number; readonly words: readonly string[] }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
        const [, ppid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return Number(ppid) === parent ? [{ pid: Number(pid), words }] : [];
      } catch {
        // Gone.
        return [];
      }
    });
}

/** Everything that ran on the hosts has ended within so many seconds; what has not is returned. */
export async function leftOn(hosts: SshHosts, seconds: number): Promise<readonly string[]> {
  for (let tries = 0; tries < seconds * 10; tries++) {
    if (hosts.processes().length === 0) return [];
    await sleep(100);
  }
  return hosts.processes().map(({ command }) => command);
}
