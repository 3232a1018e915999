/** examples/databases with a real PostgreSQL, as its README says, and with nodes that are killed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { createPgClient } from '../../src/postgres/client/pg-client';
import type { SqlClient } from '../../src/postgres/client/sql-client';
import { linkDrivers } from '../support/drivers';
import { newestHosts } from '../support/hosts';
import { startPostgres, type TestPostgres } from '../support/postgres';
import { copyProject, type Project, removeProject, runBin, startBin } from '../support/projects';

jest.setTimeout(180_000);

let server: TestPostgres;
let admin: SqlClient;
let folder: string;
const projects: Project[] = [];

beforeAll(async () => {
  server = await startPostgres();
  admin = createPgClient({ url: server.url, source: 'the test' });
  folder = mkdtempSync(path.join(tmpdir(), 'databases-'));
});
afterAll(async () => {
  for (const project of projects) removeProject(project);
  for (const name of await databases('shop_template_')) {
    await admin.query(`ALTER DATABASE ${name} IS_TEMPLATE false`);
    await admin.query(`DROP DATABASE ${name}`);
  }
  await admin?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function databases(prefix: string): Promise<string[]> {
  const rows = await admin.query('SELECT datname FROM pg_database WHERE datname LIKE $1', [`${prefix}%`]);
  return (rows as { datname: string }[]).map(({ datname }) => datname);
}

function copy(host: (typeof allHosts)[number]): Project {
  const project = copyProject(host, 'examples/databases');
  projects.push(project);
  linkDrivers(path.join(project.dir, 'node_modules'), ['pg']);
  return project;
}

const environment = () => ({ SERVER_URL: server.url, JEST_DISTRIBUTED_SLOT_DIR: path.join(folder, 'slots') });
const local = ['run', '--local', '--nodes', '3'];
const twoWorkers = ['--', '--maxWorkers=2'];
const allHosts = newestHosts();

test.each(allHosts)(
  'three nodes × two workers meet nowhere, with shares and from a queue, on Jest $jest',
  async (host) => {
    const project = copy(host);
    for (const flags of [[], ['--queue']]) {
      const { exitCode, stderr } = runBin(project, [...local, ...flags, ...twoWorkers], environment());
      expect({ exitCode, stderr }).toMatchObject({
        exitCode: 0,
        stderr: expect.stringContaining('All 28 tests passed: each of 10 files ran exactly once.'),
      });
      expect(await databases('test_')).toEqual([]);
    }
    expect(await databases('shop_template_')).toHaveLength(1);
  },
);

test('two checkouts at once, of which one is killed: the other passes, and the next run leaves nothing', async () => {
  const [host] = allHosts.slice(-1);
  const [one, other] = [copy(host as (typeof allHosts)[number]), copy(host as (typeof allHosts)[number])];
  const killed = startBin(one, [...local, ...twoWorkers], environment());
  while ((await databases('test_')).length === 0) await wait(20);
  killed.kill('SIGKILL');
  const { exitCode, stderr } = runBin(other, [...local, ...twoWorkers], environment());
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  while ((await databases('test_')).length > 0) await wait(50);
});
