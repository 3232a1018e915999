/** `grind` over the queue, as people start it: the packed tarball, real Jests, a real PostgreSQL. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createPgClient } from '../../src/postgres/client/pg-client';
import type { SqlClient } from '../../src/postgres/client/sql-client';
import { openPostgresQueue } from '../../src/postgres/open-queue';
import type { Queue } from '../../src/queue/queue';
import { type Drivers, makeDrivers } from '../support/drivers';
import { host } from '../support/hosts';
import { makePastRun, pass } from '../support/past-runs';
import { newSchemaName, startPostgres, type TestPostgres } from '../support/postgres';
import { type Project, removeProject, runBin, startBin, writeProject } from '../support/projects';

const schema = newSchemaName();
let server: TestPostgres;
let queue: Queue;
let admin: SqlClient;
let drivers: Drivers;
let project: Project;

const RUN = 'campaign-1';
const CAMPAIGN = ['grind', '--times', '2', '--condition', 'alone', '--nodes', '2', '--run-id', RUN];

/** Ends at once, but where it was told to stay until somebody lets it go. */
const clean = `const { existsSync } = require('node:fs');
test('is clean', async () => {
  while (process.env.STAY === '1' && !existsSync('let-go')) await new Promise((done) => setTimeout(done, 50));
});
`;

/** Fails every second time, the first time too. */
const shaky = `const { appendFileSync, statSync } = require('node:fs');
test('is shaky', () => {
  appendFileSync('count', 'x');
  expect(statSync('count').size % 2).toBe(0);
});
test('is firm', () => undefined);
`;

const environment = () => ({
  JEST_DISTRIBUTED_DATABASE_URL: server.url,
  JEST_DISTRIBUTED_DATABASE_SCHEMA: schema,
  JEST_DISTRIBUTED_LEASE_SECONDS: '2',
  NODE_PATH: drivers.folder,
});

beforeAll(async () => {
  server = await startPostgres();
  queue = await openPostgresQueue({ url: server.url, source: 'the test', schema });
  admin = createPgClient({ url: server.url, source: 'the test' });
  drivers = makeDrivers('pg');
  project = writeProject(host(30), {
    'package.json': JSON.stringify({ name: 'shop', private: true, jest: { testEnvironment: 'node', transform: {} } }),
    'a.test.js': clean,
    'b.test.js': clean,
    'c.test.js': clean,
    'shaky.test.js': shaky,
  });
});
afterAll(async () => {
  removeProject(project);
  await admin?.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  await admin?.close();
  await queue?.close();
  await server?.close();
  drivers?.remove();
});

const held = async (node: string) => {
  const run = await queue.history({ pipeline: 'shop: grind', runId: RUN });
  return run.filter((one) => one.node === node);
};

const bin = (...args: string[]) => {
  const { exitCode, stdout, stderr } = runBin(project, args, environment());
  return { exitCode, text: `${stdout}${stderr}`.replace(/\s+/g, ' ') };
};

async function untilTaken(): Promise<void> {
  const query = `SELECT FROM ${schema}.item WHERE owner = 'one' AND state = 1`;
  for (let tries = 0; tries < 600; tries++) {
    if ((await admin.query(query)).length > 0) return;
    await sleep(50);
  }
  throw new Error('node one never took a file');
}

test('two nodes share a campaign, one is killed in the middle, and the history names what it found', async () => {
  // The longest is handed out first, so the node that will be killed has a clean file.
  const files = { 'a.test.js': [pass(90)], 'b.test.js': [pass(5)], 'c.test.js': [pass(5)], 'shaky.test.js': [pass(5)] };
  await makePastRun(queue, { pipeline: 'shop', runId: 'suite-1', commit: null, files });
  const before = await queue.estimates?.('shop', null);

  const first = startBin(project, [...CAMPAIGN, '--node-name', 'one'], { ...environment(), STAY: '1' });
  await untilTaken();
  first.kill('SIGKILL');
  const second = bin(...CAMPAIGN, '--node-name', 'two');
  // The Jest of the killed node ends by itself.
  writeFileSync(path.join(project.dir, 'let-go'), '');

  expect(second.exitCode).toBe(1);
  expect(second.text).toContain('shaky.test.js: is shaky verdict GENUINE');
  expect(second.text).toContain(`run ${RUN} of shop: grind is finished: 1 of 4 files failed`);
  const accepted = await queue.accepted({ pipeline: 'shop: grind', runId: RUN });
  expect(accepted?.map(({ file, node, outcome }) => [file.path, node, outcome])).toEqual([
    ['a.test.js', 'two', 'passed'],
    ['b.test.js', 'two', 'passed'],
    ['c.test.js', 'two', 'passed'],
    ['shaky.test.js', 'two', 'failed'],
  ]);
  expect((await held('one')).map(({ key, decision }) => [key, decision])).toEqual([['a.test.js', 'lost']]);

  // A node that comes late is as red as the run.
  const late = bin(...CAMPAIGN);
  expect([late.exitCode, late.text]).toEqual([
    1,
    expect.stringContaining(
      `shaky.test.js failed on node two jest-distributed: run ${RUN} of shop: grind was finished`,
    ),
  ]);
  const other = bin(...CAMPAIGN, '--fail-on', 'BROKEN');
  expect([other.exitCode, other.text]).toEqual([1, expect.stringContaining('fail-on is "BROKEN" here and "GENUINE')]);

  const flaky = bin('flaky').text;
  expect(flaky).toContain('shop: grind failed of share');
  expect(flaky).toMatch(/shaky\.test\.js › is shaky Error: expect\(received\)\.toBe\(expected\).*\(node two\)/);
  expect(flaky).toMatch(/ground \d+ times, \d+ failed: GENUINE, alone \(just now\)/);
  expect(bin('history').text).toMatch(/shop: grind ago state .* failed .* campaign-1 shop ago state/);
  expect(bin('history', 'shaky.test.js').text).toMatch(
    /is shaky: ground \d+ times, \d+ failed: GENUINE, alone; Error: /,
  );
  expect(bin('slow').text).not.toContain('grind');
  expect(await queue.estimates?.('shop', null)).toEqual(before);
}, 120_000);
