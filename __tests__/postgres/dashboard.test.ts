/** What the dashboard asks of past runs, by a role that may only read. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createPgClient } from '../../src/postgres/client/pg-client';
import type { SqlClient } from '../../src/postgres/client/sql-client';
import { createDatabaseDashboard } from '../../src/postgres/dashboard/data';
import { createPostgresQueue } from '../../src/postgres/postgres-queue';
import { migrate } from '../../src/postgres/schema/migrate';
import type { DashboardData } from '../../src/reports/dashboard/data';
import { type DatabaseBin, makeDatabaseBin } from '../support/database-bin';
import { fail, makePastRun, type PastRun, pass } from '../support/past-runs';
import { newSchemaName, startPostgres, type TestPostgres } from '../support/postgres';
import { makeReader, type Reader } from '../support/reader';

const schema = newSchemaName();
let server: TestPostgres;
let admin: SqlClient;
let reader: Reader;
let data: DashboardData;
let bin: DatabaseBin;

beforeAll(async () => {
  server = await startPostgres();
  admin = createPgClient({ url: server.url, source: 'the test' });
  await migrate(admin, schema);
  reader = await makeReader(admin, server.url, schema);
  data = createDatabaseDashboard(reader.client, schema, {
    remote: 'git@github.com:acme/shop.git',
  });
  const queue = createPostgresQueue(admin, schema);
  const make = (runId: string, commit: string | null, files: PastRun['files'], more: Partial<PastRun> = {}) =>
    makePastRun(queue, { pipeline: 'web', runId, commit, files, ...more });
  await make(
    'one',
    'aaaaaaa1',
    { 'src/a.test.js': [pass(100, 'adds')], 'b.test.js': [pass(10, 'fine')] },
    { branch: 'main' },
  );
  await make(
    'two',
    'bbbbbbb2',
    {
      'src/a.test.js': [
        { ...fail(120, 'adds'), errors: { adds: 'Error: <script>no</script>' } },
        { ...fail(130, 'adds'), errors: { adds: 'Error: <script>no</script>' } },
      ],
      'b.test.js': [pass(10, 'fine')],
    },
    { node: 'ada', branch: 'topic/a' },
  );
  await make('three', null, { 'a.test.js': [pass(5, 'adds')] }, { pipeline: 'api' });
  bin = makeDatabaseBin('web');
}, 60_000);

afterAll(async () => {
  bin?.remove();
  await reader?.remove();
  await admin?.query(`DROP SCHEMA ${schema} CASCADE`);
  await admin?.close();
  await server?.close();
});

test('runs by pipeline, branch, commit, node and state', async () => {
  const names = async (filter: Parameters<DashboardData['runs']>[0]) =>
    (await data.runs(filter)).map(({ runId }) => runId);
  expect(await names({})).toEqual(['three', 'two', 'one']);
  expect(await names({ pipeline: 'web', limit: 1 })).toEqual(['two']);
  expect(await names({ branch: 'main' })).toEqual(['one']);
  expect(await names({ branch: 'topic/a' })).toEqual(['two']);
  expect(await names({ branch: 'topic' })).toEqual([]);
  expect(await names({ commit: 'BBB' })).toEqual(['two']);
  expect(await names({ commit: '%' })).toEqual([]);
  expect(await names({ node: 'ada' })).toEqual(['two']);
  expect(await names({ machine: 'nowhere' })).toEqual([]);
  expect(await names({ state: 'failed' })).toEqual(['two']);
});

test('one file and one test over time, and no other of that ending', async () => {
  const rows = await data.executions({ project: null, path: 'src/a.test.js' });
  expect(rows.map(({ runId, outcome, decision, durationMs }) => [runId, outcome, decision, durationMs])).toEqual([
    ['two', 'failed', 'accepted', 130],
    ['two', 'failed', 'retried', 120],
    ['one', 'passed', 'accepted', 100],
  ]);
  expect(rows[0]).toMatchObject({ failed: [{ test: 'adds', error: 'Error: <script>no</script>' }] });
  expect((await data.executions({ project: null, path: 'a.test.js' })).map(({ runId }) => runId)).toEqual(['three']);
  const tests = await data.executions({ project: null, path: 'src/a.test.js', test: 'adds', limit: 2 });
  expect(tests.map(({ outcome, durationMs, error }) => [outcome, durationMs, error])).toEqual([
    ['failed', 65, 'Error: <script>no</script>'],
    ['failed', 60, 'Error: <script>no</script>'],
  ]);
  expect(await data.executions({ project: null, path: 'src/a.test.js', test: 'other' })).toEqual([]);
});

test('failures of a period, those that were sent on too', async () => {
  const failures = await data.failures({ days: 1 });
  expect(failures.map(({ runId, test: name, isCounted, node }) => [runId, name, isCounted, node])).toEqual([
    ['two', 'adds', true, 'ada'],
    ['two', 'adds', false, 'ada'],
  ]);
  expect(await data.failures({ node: '1' })).toEqual([]);
  expect(await data.failures({ branch: 'main' })).toEqual([]);
  expect(await data.failures({ branch: 'topic/a' })).toHaveLength(2);
});

test('a run is opened by its row alone', async () => {
  const [run] = await data.runs({ pipeline: 'api' });
  const opened = await data.open(run?.id ?? '');
  expect(opened?.facts).toMatchObject({ runId: 'three', pipeline: 'api', branch: null });
  for (const id of ['three', "1' OR '1", '-1', '999999999999999999', '']) expect(await data.open(id)).toBeNull();
});

test('values to choose from', async () => {
  expect(await data.facets()).toEqual({ pipelines: ['api', 'web'], branches: ['main', 'topic/a'], machines: [] });
});

test('the command serves it to this machine, with nothing secret in what it says', async () => {
  const child = bin.start(['dashboard', '--port', '0'], {
    JEST_DISTRIBUTED_DATABASE_URL: reader.url,
    JEST_DISTRIBUTED_DATABASE_SCHEMA: schema,
  });
  let stdout = '';
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(stdout)?.[0];
      if (found !== undefined) resolve(found);
    });
    child.on('exit', () => reject(new Error(stderr)));
  });
  const texts = await Promise.all(
    ['', 'app.js', 'api/facts', 'api/runs', 'api/failures', 'api/flaky', 'api/slow/files'].map(async (path) => {
      const response = await fetch(address + path);
      expect([path, response.status]).toEqual([path, 200]);
      return response.text();
    }),
  );
  expect([...texts, stdout, stderr].join('\n')).not.toContain('top-secret');
  expect(JSON.parse(texts[3] ?? '')).toHaveLength(3);
  child.kill('SIGINT');
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
});

test('on another address it demands a token, which it makes', async () => {
  const child = bin.start(['dashboard', '--port', '0', '--host', '0.0.0.0'], {
    JEST_DISTRIBUTED_DATABASE_URL: reader.url,
    JEST_DISTRIBUTED_DATABASE_SCHEMA: schema,
  });
  const address = await new Promise<URL>((resolve) => {
    let stdout = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      const found = /http:\/\/\S+/.exec(stdout)?.[0];
      if (found !== undefined) resolve(new URL(found));
    });
  });
  const token = address.searchParams.get('token') ?? '';
  expect(token).toMatch(/^[\w-]{32}$/);
  expect((await fetch(`${address.origin}/api/runs`)).status).toBe(401);
  expect((await fetch(`${address.origin}/`)).status).toBe(401);
  const headers = { authorization: `Bearer ${token}` };
  expect((await fetch(`${address.origin}/api/runs`, { headers })).status).toBe(200);
  child.kill('SIGINT');
  await new Promise((resolve) => child.on('close', resolve));
});
