import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createPgClient } from '../../../src/postgres/client/pg-client';
import type { SqlClient } from '../../../src/postgres/client/sql-client';
import { openPostgresQueue } from '../../../src/postgres/open-queue';
import { createPostgresQueue } from '../../../src/postgres/postgres-queue';
import { grantRole } from '../../../src/postgres/schema/grants';
import { migrate, migrationSql, schemaStatus, sqlText } from '../../../src/postgres/schema/migrate';
import { LATEST_VERSION } from '../../../src/postgres/schema/migrations';
import { databaseStatus } from '../../../src/postgres/status';
import { entriesOf, joinRequest, resultOf } from '../../contracts/queue';
import { newSchemaName, startPostgres, type TestPostgres } from '../../support/postgres';

let server: TestPostgres;
let admin: SqlClient;
const schemas: string[] = [];
const newSchema = () => {
  const schema = newSchemaName();
  schemas.push(schema);
  return schema;
};
const connect = (url = server.url, connections = 1) => createPgClient({ url, source: 'the test', connections });

beforeAll(async () => {
  server = await startPostgres();
  admin = connect();
}, 60_000);
afterAll(async () => {
  for (const schema of schemas) await admin.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  await admin?.close();
  await server?.close();
});

/** A URL of a new role without any right of its own. */
async function newRole(): Promise<{ role: string; url: string }> {
  const role = newSchemaName();
  await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'pw-of-role'`);
  const url = new URL(server.url);
  url.username = role;
  url.password = 'pw-of-role';
  return { role, url: url.href };
}

describe('migrating', () => {
  test('of 100 that start at once exactly one migrates, and all find it done', async () => {
    const schema = newSchema();
    const clients = Array.from({ length: 100 }, () => connect());
    const ran = await Promise.all(clients.map((client) => migrate(client, schema)));
    expect(ran.filter((count) => count > 0)).toEqual([LATEST_VERSION]);
    const statuses = await Promise.all(clients.map((client) => schemaStatus(client, schema)));
    expect(statuses).toEqual(clients.map(() => ({ schema, version: LATEST_VERSION, latest: LATEST_VERSION })));
    await Promise.all(clients.map((client) => client.close()));
  }, 60_000);

  test('a migration that fails half-way leaves nothing behind', async () => {
    const schema = newSchema();
    // Takes the name of a view, the last things that are made, so that all before it must be rolled back.
    await admin.query(`CREATE SCHEMA ${schema}`);
    await admin.query(`CREATE TABLE ${schema}.flaky_file (x int)`);
    await expect(migrate(admin, schema)).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
    expect((await schemaStatus(admin, schema)).version).toBe(0);
    const left = await admin.query('SELECT tablename FROM pg_tables WHERE schemaname = $1', [schema]);
    expect(left.map(({ tablename }) => tablename)).toEqual(['flaky_file']);
  });

  test('a schema without its version is not made a second time', async () => {
    const schema = newSchema();
    await migrate(admin, schema);
    await admin.query(`DELETE FROM ${schema}.meta`);
    await expect(migrate(admin, schema)).rejects.toMatchObject({
      code: 'SCHEMA_VERSION_MISSING',
      message: expect.stringContaining('so its version is unknown'),
    });
  });

  test('a newer schema is refused, and says which versions', async () => {
    const schema = newSchema();
    await migrate(admin, schema);
    await admin.query(`UPDATE ${schema}.meta SET version = 99`);
    const open = openPostgresQueue({ url: server.url, source: '--database-url', schema });
    await expect(open).rejects.toMatchObject({
      code: 'SCHEMA_TOO_NEW',
      message: expect.stringContaining(`has version 99, but this jest-distributed supports only ${LATEST_VERSION}`),
      remedy: expect.stringContaining('Update jest-distributed'),
    });
  });

  test('a role without the right to create is told the one command that its owner runs; then it can work', async () => {
    const schema = newSchema();
    const { role, url } = await newRole();
    const opened = openPostgresQueue({ url, source: '--database-url', schema });
    const error = await opened.catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'SCHEMA_RIGHTS_MISSING',
      message: expect.stringMatching(
        /has version 0 and must get \d+, but this role may not create it\. .*permission denied/,
      ),
    });
    // Hundreds of lines of SQL are nothing for the log of a node.
    const { remedy } = error as { remedy: string };
    expect(remedy).toContain(`: npx jest-distributed db migrate --role ${role} --database-schema ${schema}\n`);
    expect(remedy.split('\n').length).toBeLessThan(4);
    await migrate(admin, schema);
    await grantRole(admin, schema, role);

    const queue = await openPostgresQueue({ url, source: '--database-url', schema });
    const { session } = await queue.join(joinRequest({ runId: 'b', entries: entriesOf(['a']) }));
    const [lease] = await queue.claim(session, { count: 1, startNow: 1, known: [] });
    expect(await queue.settle(session, [resultOf(lease as never)])).toMatchObject([{ decision: 'accepted' }]);
    await queue.heartbeat(session);
    await queue.sweep(session, 0);
    expect((await queue.finish(session)).finished).toBe(true);

    // What a fixture gave may be a password: its users get it, and nobody reads or keeps it.
    expect(await queue.askFixture(session, 'db.js', 1_000)).toMatchObject({ kind: 'set-up' });
    await queue.settleFixture(session, { fixture: 'db.js', claimNumber: 1 }, '"secret"');
    expect(await queue.askFixture(session, 'db.js', 1_000)).toMatchObject({ kind: 'ready', result: '"secret"' });
    const own = connect(url);
    for (const sql of [`SELECT result FROM ${schema}.fixture`, `DELETE FROM ${schema}.fixture`])
      await expect(own.query(sql)).rejects.toMatchObject({ code: 'DATABASE_RIGHTS_MISSING' });
    await own.close();
    const teardown = await queue.leaveFixture(session, 'db.js', 1_000);
    expect(teardown).toMatchObject({ result: '"secret"' });
    await queue.removeFixture(session, (teardown as NonNullable<typeof teardown>).claim);
    expect(await admin.query(`SELECT 1 FROM ${schema}.fixture`)).toEqual([]);
    await queue.close();
  });

  test('a role that may not use an existing schema is told which role, and how to grant it', async () => {
    const schema = newSchema();
    await migrate(admin, schema);
    const { role, url } = await newRole();
    const opened = openPostgresQueue({ url, source: '--database-url', schema });
    await expect(opened).rejects.toMatchObject({
      code: 'DATABASE_RIGHTS_MISSING',
      message: expect.stringContaining(`The role "${role}" lacks a right`),
    });
  });

  test('the printed SQL is what runs', async () => {
    const schema = newSchema();
    await admin.query(sqlText(migrationSql(schema, 0)));
    expect(await schemaStatus(admin, schema)).toEqual({ schema, version: LATEST_VERSION, latest: LATEST_VERSION });
    expect(await migrate(admin, schema)).toBe(0);
  });

  test('the status says what is there, also where nothing is', async () => {
    const schema = newSchema();
    expect(await databaseStatus(admin, schema)).toMatchObject({ version: 0, latest: LATEST_VERSION, contents: null });
    await migrate(admin, schema);
    const queue = createPostgresQueue(connect(), schema);
    await queue.join(joinRequest({ runId: 'b', entries: entriesOf(['a']) }));
    await queue.close();
    const status = await databaseStatus(admin, schema);
    expect(status.contents).toMatchObject({ liveSessions: 1 });
    expect(status.contents?.tables.map(({ name, rows, isEstimate }) => [name, rows, isEstimate])).toEqual([
      ['run', 1, false],
      ['session', 1, false],
      ['item', 1, false],
      ['execution', 0, false],
      ['file', 1, false],
    ]);
    expect(status.contents?.oldestRunAt).toBe(status.contents?.newestRunAt);
    expect(status.contents?.bytes).toBeGreaterThan(8192);
    expect(status.address).not.toContain('@');
    expect(status.serverVersion).toMatch(/^\d+/);
  });

  test('a name that would not stay what it is is refused', async () => {
    for (const schema of ['pg_mine', '1st', 'a"b', 'x'.repeat(64), '']) {
      await expect(openPostgresQueue({ url: server.url, source: 'test', schema })).rejects.toMatchObject({
        code: 'SCHEMA_NAME_INVALID',
        message: expect.stringContaining(`"${schema}"`),
      });
    }
  });
});
