/** What docs/guides/queue-database.md tells people to type and to ask, done on a real database. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createPgClient } from '../../../src/postgres/client/pg-client';
import { DEFAULT_SCHEMA } from '../../../src/postgres/client/schema-name';
import type { SqlClient } from '../../../src/postgres/client/sql-client';
import { createPostgresQueue } from '../../../src/postgres/postgres-queue';
import { readPage, root } from '../../docs/pages';
import { type DatabaseBin, makeDatabaseBin } from '../../support/database-bin';
import { fail, makePastRun, pass } from '../../support/past-runs';
import { newSchemaName, startPostgres, type TestPostgres } from '../../support/postgres';
import { cleanEnvironment } from '../../support/projects';

const { blocks } = readPage('docs/guides/queue-database.md');
const typed = blocks.filter(({ language, notRun }) => language === 'sh' && notRun === 'needs a database');
const statements = blocks.filter(({ language }) => language === 'sql').map(({ text }) => text);

let server: TestPostgres;
let admin: SqlClient;
let bin: DatabaseBin;
/** A database of its own: the page uses the default schema. */
let url: string;

beforeAll(async () => {
  server = await startPostgres();
  const name = newSchemaName();
  const maker = createPgClient({ url: server.url, source: 'the test' });
  await maker.query(`CREATE DATABASE ${name}`);
  await maker.query('DROP ROLE IF EXISTS ci');
  await maker.query('DROP ROLE IF EXISTS grafana');
  await maker.query('CREATE ROLE ci');
  await maker.close();
  const own = new URL(server.url);
  own.pathname = `/${name}`;
  url = own.href;
  admin = createPgClient({ url, source: 'the test' });
  bin = makeDatabaseBin('web');
  mkdirSync(path.join(bin.folder, 'bin'));
  const npx = `#!/bin/sh\nshift\nexec '${process.execPath}' '${path.join(root, 'dist', 'cli.js')}' "$@"\n`;
  writeFileSync(path.join(bin.folder, 'bin', 'npx'), npx, { mode: 0o755 });
}, 60_000);
afterAll(async () => {
  await admin?.close();
  await server?.close();
  bin?.remove();
});

describe('the guide to the database', () => {
  test('its commands work in their order', () => {
    expect(typed.length).toBeGreaterThanOrEqual(3);
    for (const { text, line } of typed) {
      const { status, stderr } = spawnSync('sh', ['-e', '-c', text], {
        cwd: bin.folder,
        env: cleanEnvironment({
          PATH: [path.join(bin.folder, 'bin'), process.env.PATH].join(path.delimiter),
          JEST_DISTRIBUTED_DATABASE_URL: url,
        }),
        encoding: 'utf8',
      });
      expect({ line, status, stderr: status === 0 ? '' : stderr }).toEqual({ line, status: 0, stderr: '' });
    }
  });

  test('its queries run, also as the role that it makes for Grafana, and answer', async () => {
    const queue = createPostgresQueue(admin, DEFAULT_SCHEMA);
    const record = (name: string, files: Parameters<typeof makePastRun>[1]['files']) =>
      makePastRun(queue, { pipeline: 'web', runId: name, commit: 'c', files });
    await record('1', { 'a.test.js': [pass(1000)], 'b.test.js': [pass(50)] });
    const aged = `SET created_at = created_at - interval '8 days'`;
    await admin.query(`UPDATE ${DEFAULT_SCHEMA}.run ${aged}, finished_at = finished_at - interval '8 days'`);
    await admin.query(`UPDATE ${DEFAULT_SCHEMA}.execution SET finished_at = finished_at - interval '8 days'`);
    await record('2', { 'a.test.js': [fail(2000, 'x'), pass(3000)], 'b.test.js': [pass(50)] });

    const [roles, ...questions] = statements as [string, ...string[]];
    await admin.query(roles.replaceAll(/'[^']+'/g, "'pw-of-role'"));
    const grafanaUrl = new URL(url);
    grafanaUrl.username = 'grafana';
    grafanaUrl.password = 'pw-of-role';
    const grafana = createPgClient({ url: grafanaUrl.href, source: 'the test' });
    const answers = [];
    for (const question of questions) answers.push(await grafana.query(question));
    await expect(grafana.query(`SELECT FROM ${DEFAULT_SCHEMA}.item`)).rejects.toMatchObject({
      code: 'DATABASE_RIGHTS_MISSING',
    });
    await grafana.close();

    const [days, slower, lost] = answers;
    expect(days).toMatchObject([
      { pipeline: 'web', runs: '1' },
      { pipeline: 'web', runs: '1' },
    ]);
    expect(slower).toMatchObject([
      { path: 'a.test.js', before_ms: '1000', now_ms: '3000' },
      { path: 'b.test.js', before_ms: '50', now_ms: '50' },
    ]);
    expect(lost).toMatchObject([{ path: 'a.test.js', decision: 'retried', executions: '1', lost_s: '2' }]);
    expect(answers).toHaveLength(3);
  });
});
