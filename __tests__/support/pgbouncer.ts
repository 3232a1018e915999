/** A PgBouncer in transaction mode before a test's PostgreSQL; `apt-get install pgbouncer`. */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { freePort } from './postgres';

const BINARIES = ['/usr/sbin/pgbouncer', '/usr/local/bin/pgbouncer', '/opt/homebrew/bin/pgbouncer'];

export const pgbouncerBinary: string | undefined = BINARIES.find((file) => existsSync(file));

export interface PgBouncer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** @param connections how many server connections all clients share. */
export async function startPgBouncer(serverUrl: string, connections: number): Promise<PgBouncer> {
  const server = new URL(serverUrl);
  const port = await freePort();
  const folder = mkdtempSync('/tmp/jd-pgbouncer-');
  const quoted = `'${decodeURIComponent(server.password).replaceAll("'", "''")}'`;
  const database = `host=${server.hostname} port=${server.port || 5432} user=${server.username} password=${quoted}`;
  const file = path.join(folder, 'pgbouncer.ini');
  writeFileSync(
    file,
    `[databases]\n* = ${database}\n[pgbouncer]\npool_mode = transaction\nauth_type = any\nlisten_addr = 127.0.0.1\n` +
      `listen_port = ${port}\nunix_socket_dir =\nmax_client_conn = 1000\ndefault_pool_size = ${connections}\n`,
  );
  const ids = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  if (ids.uid !== undefined) for (const own of [folder, file]) chownSync(own, ids.uid, ids.gid as number);
  chmodSync(folder, 0o700);
  const child = spawn(pgbouncerBinary as string, ['-q', file], { stdio: 'ignore', cwd: folder, ...ids });
  await listening(port);
  return {
    url: `postgres://postgres@127.0.0.1:${port}${server.pathname}`,
    close: async () => {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
}

async function listening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('PgBouncer did not start within 5 s');
}
