/** The quarantine by the history of a queue. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { addDays, dayOf } from '../../../src/flaky/quarantine';
import { openPostgresQueue } from '../../../src/postgres/open-queue';
import type { Queue } from '../../../src/queue/queue';
import { type DatabaseBin, makeDatabaseBin } from '../../support/database-bin';
import { fail, makePastRun, pass } from '../../support/past-runs';
import { newSchemaName, startPostgres, type TestPostgres } from '../../support/postgres';

const schema = newSchemaName();
let server: TestPostgres;
let queue: Queue;
let bin: DatabaseBin;

beforeAll(async () => {
  server = await startPostgres();
  queue = await openPostgresQueue({ url: server.url, source: 'the test', schema });
  bin = makeDatabaseBin('@shop/web');
  for (let run = 1; run <= 10; run++) {
    const files = {
      'src/cart.test.js': [fail(20, 'adds'), fail(20, 'adds')],
      'src/tax.test.js': run === 3 ? [fail(9, 'rounds'), fail(9, 'rounds')] : [pass(9, 'rounds')],
    };
    await makePastRun(queue, { pipeline: '@shop/web', runId: String(run), commit: null, files });
  }
}, 60_000);

afterAll(async () => {
  await queue?.close();
  await server?.close();
  bin?.remove();
});

test('what failed in each of its last runs is broken', () => {
  const today = dayOf(Date.now());
  const entry = (file: string, name: string) => ({
    ...{ file, test: name, owner: 'shop', reason: 'fails at times', since: addDays(today, -1), until: today },
  });
  mkdirSync(path.join(bin.folder, 'src'), { recursive: true });
  for (const name of ['cart', 'tax']) writeFileSync(path.join(bin.folder, 'src', `${name}.test.js`), '');
  const tests = [entry('src/cart.test.js', 'adds'), entry('src/tax.test.js', 'rounds')];
  writeFileSync(path.join(bin.folder, 'jest-distributed.quarantine.json'), JSON.stringify({ tests }));
  const variables = { JEST_DISTRIBUTED_DATABASE_URL: server.url, JEST_DISTRIBUTED_DATABASE_SCHEMA: schema };
  const listed = bin.run(['quarantine', 'list', '--json'], variables);
  expect(JSON.parse(listed.stdout).tests).toMatchObject([
    { test: 'adds', runs: 10, failed: 10, isBroken: true },
    { test: 'rounds', runs: 10, failed: 1, isBroken: false, passesInARow: 7 },
  ]);
  const checked = bin.run(['quarantine', 'check'], variables);
  expect(checked.stderr).toContain('[quarantine-broken]');
  expect(checked.status).toBe(1);
  // Without the database nothing is known of them here.
  expect(bin.run(['quarantine', 'check'], {}).status).toBe(0);
});
