import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createPgClient } from '../../src/postgres/client/pg-client';
import { redact } from '../../src/postgres/client/redact';
import { DEFAULT_RETRY } from '../../src/postgres/client/retry';
import type { SqlClient } from '../../src/postgres/client/sql-client';
import { openPostgresQueue } from '../../src/postgres/open-queue';
import { createPostgresQueue } from '../../src/postgres/postgres-queue';
import { migrate } from '../../src/postgres/schema/migrate';
import { entriesOf, joinRequest, resultOf } from '../contracts/queue';
import { freePort, newSchemaName, startPostgres, TEST_PASSWORD, type TestPostgres } from '../support/postgres';

const quickRetry = { totalMs: 300, firstPauseMs: 20, longestPauseMs: 50 };
const schema = newSchemaName();
let server: TestPostgres;
let admin: SqlClient;

beforeAll(async () => {
  server = await startPostgres();
  admin = createPgClient({ url: server.url, source: 'the test' });
  await migrate(admin, schema);
}, 60_000);
afterAll(async () => {
  await admin?.query(`DROP SCHEMA ${schema} CASCADE`);
  await admin?.close();
  await server?.close();
});

const withUrl = (change: (url: URL) => void): string => {
  const url = new URL(server.url);
  change(url);
  return url.href;
};
const open = (url: string) => openPostgresQueue({ url, source: '--database-url', schema, retry: quickRetry });

describe('what a person sees when the database', () => {
  test('is down', async () => {
    const port = await freePort();
    await expect(open(withUrl((url) => (url.port = String(port))))).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      message: expect.stringMatching(
        new RegExp(
          `The queue's database could not be reached\\. PostgreSQL at 127.0.0.1:${port}/postgres said: .*ECONNREFUSED`,
        ),
      ),
      remedy: expect.stringContaining('There is no fallback to a static share'),
    });
  });

  test('refuses the password', async () => {
    const url = withUrl((given) => (given.password = 'wrong-password'));
    const error = await open(url).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'DATABASE_LOGIN_REFUSED',
      message: expect.stringContaining('The database refused the login of "postgres".'),
    });
    expect(inspect(error, { depth: 9 })).not.toContain('wrong-password');
  });

  test('is not there', async () => {
    await expect(open(withUrl((url) => (url.pathname = '/nowhere')))).rejects.toMatchObject({
      code: 'DATABASE_UNKNOWN',
      message: expect.stringContaining('There is no database "nowhere".'),
      remedy: expect.stringMatching(/: createdb -h \S+ -p \d+ -U \S+ nowhere$/),
    });
  });

  test('is slow: it answers to nobody who waits for a lock', async () => {
    const client = createPgClient({ url: server.url, source: 'test', retry: quickRetry, queryTimeoutMs: 150 });
    const queue = createPostgresQueue(client, schema);
    const { session } = await queue.join(joinRequest({ runId: 'slow', entries: entriesOf(['a']) }));
    await admin.transaction(async (query) => {
      await query(`LOCK TABLE ${schema}.item IN ACCESS EXCLUSIVE MODE`);
      await expect(queue.claim(session, { count: 1, startNow: 1, known: [] })).rejects.toMatchObject({
        code: 'DATABASE_SLOW',
        message: expect.stringMatching(/did not answer (?:in time|within \d+ s)\..*Query read timeout/),
      });
    });
    // The lock is gone, and what the server may have done meanwhile is found again.
    expect(await queue.claim(session, { count: 1, startNow: 1, known: [] })).toHaveLength(1);
    await queue.close();
  });

  test('is full', async () => {
    const full = newSchemaName();
    await migrate(admin, full);
    await admin.query(
      `CREATE FUNCTION ${full}.full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'could not extend file "base/1/2": No space left on device' USING ERRCODE = '53100'; END $$`,
    );
    await admin.query(
      `CREATE TRIGGER full_disk BEFORE INSERT ON ${full}.execution EXECUTE FUNCTION ${full}.full_disk()`,
    );
    const queue = createPostgresQueue(createPgClient({ url: server.url, source: 'test' }), full);
    const { session } = await queue.join(joinRequest({ runId: 'full', entries: entriesOf(['a']) }));
    const [lease] = await queue.claim(session, { count: 1, startNow: 1, known: [] });
    await expect(queue.settle(session, [resultOf(lease as never)])).rejects.toMatchObject({
      code: 'DATABASE_FULL',
      message: expect.stringContaining("The database's disk is full."),
      remedy: expect.stringContaining('db prune'),
    });
    await admin.query(`DROP TRIGGER full_disk ON ${full}.execution`);
    expect(await queue.settle(session, [resultOf(lease as never)])).toMatchObject([{ decision: 'accepted' }]);
    await queue.close();
    await admin.query(`DROP SCHEMA ${full} CASCADE`);
  });

  test('takes no writes', async () => {
    const role = newSchemaName();
    await admin.query(`CREATE ROLE ${role} LOGIN SUPERUSER PASSWORD 'pw'`);
    await admin.query(`ALTER ROLE ${role} SET default_transaction_read_only = on`);
    const url = withUrl((given) => {
      given.username = role;
      given.password = 'pw';
    });
    const queue = await open(url);
    await expect(queue.join(joinRequest({ runId: 'ro', entries: entriesOf(['a']) }))).rejects.toMatchObject({
      code: 'DATABASE_READ_ONLY',
      remedy: expect.stringContaining('use the primary'),
    });
    await queue.close();
  });

  test('wants a password that is not there: nothing stays open that keeps the process alive', async () => {
    const sockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
    const before = sockets();
    const client = createPgClient({ url: withUrl((url) => (url.password = '')), source: 'test', retry: quickRetry });
    await expect(client.query('SELECT 1')).rejects.toMatchObject({
      code: 'DATABASE_LOGIN_REFUSED',
      message: expect.stringContaining('The database requires a password for "postgres", and none is set.'),
      remedy: expect.stringContaining('PGPASSWORD'),
    });
    await client.close();
    await new Promise(setImmediate);
    expect(sockets()).toBe(before);
  });
});

describe('an error that passes by itself', () => {
  test('is not seen: killed connections and a restarted server', async () => {
    const queue = createPostgresQueue(
      createPgClient({ url: server.url, source: 'test', retry: DEFAULT_RETRY }),
      schema,
    );
    const { session } = await queue.join(joinRequest({ runId: 'retry', entries: entriesOf(['a', 'b', 'c']) }));
    const kill = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()`;
    for (let attempt = 0; attempt < 3; attempt++) {
      await admin.query(kill);
      const { held } = await queue.heartbeat(session);
      const [lease] = await queue.claim(session, { count: 1, startNow: 1, known: held });
      expect(await queue.settle(session, [resultOf(lease as never)])).toMatchObject([{ decision: 'accepted' }]);
    }
    await server.restart?.();
    expect((await queue.finish(session)).finished).toBe(true);
    await queue.close();
  }, 60_000);
});

describe('secrets', () => {
  test('are taken out of URLs, settings and texts', () => {
    expect(redact('at postgres://ci:hunter2@db:5432/x?sslmode=require')).toBe(
      'at postgres://ci:***@db:5432/x?sslmode=require',
    );
    expect(redact('postgresql://ci:a@b:c@db/x')).toBe('postgresql://ci:***@db/x');
    expect(redact('postgres://db/x?user=ci&password=hunter2&port=1')).toBe(
      'postgres://db/x?user=ci&password=***&port=1',
    );
    expect(redact("host=db password='a b' user=ci")).toBe('host=db password=*** user=ci');
    expect(redact(inspect({ password: 'hunter2', user: 'ci' }))).not.toContain('hunter2');
    expect(redact('no such user: hunter2', ['hunter2'])).toBe('no such user: ***');
  });

  test('are in nothing that a queue or its errors show', async () => {
    const url = withUrl((given) => (given.port = '1'));
    const queue = createPostgresQueue(createPgClient({ url, source: 'test', retry: quickRetry }), schema);
    const error = await queue.finish({ buildId: '1' } as never).catch((caught: unknown) => caught);
    for (const shown of [inspect(queue, { depth: 9, showHidden: true }), inspect(error, { depth: 9 }), String(error)]) {
      expect(shown).not.toContain(TEST_PASSWORD);
      expect(shown).not.toContain(encodeURIComponent(TEST_PASSWORD));
    }
  });
});
