import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createPgClient } from '../../../src/postgres/client/pg-client';
import type { SqlClient } from '../../../src/postgres/client/sql-client';
import { createPostgresQueue } from '../../../src/postgres/postgres-queue';
import { migrate } from '../../../src/postgres/schema/migrate';
import { LATEST_VERSION } from '../../../src/postgres/schema/migrations';
import { type DatabaseBin, makeDatabaseBin } from '../../support/database-bin';
import { makePastRun, pass } from '../../support/past-runs';
import { freePort, newSchemaName, startPostgres, TEST_PASSWORD, type TestPostgres } from '../../support/postgres';

/** Every command that asks a database, as it is typed. */
const COMMANDS = [
  ['db', 'migrate'],
  ['db', 'migrate', '--print'],
  ['db', 'status'],
  ['db', 'prune', '--days', '90'],
  ['history'],
  ['history', 'a.test.js', '--json'],
  ['flaky'],
  ['slow', '--tests'],
  ['cancel', '--run-id', '1'],
] as const;

const schema = newSchemaName();
let server: TestPostgres;
let admin: SqlClient;
let bin: DatabaseBin;

beforeAll(async () => {
  server = await startPostgres();
  admin = createPgClient({ url: server.url, source: 'the test' });
  await migrate(admin, schema);
  bin = makeDatabaseBin('web');
}, 60_000);
afterAll(async () => {
  await admin?.close();
  await server?.close();
  bin?.remove();
});

const changed = (change: (url: URL) => void): string => {
  const url = new URL(server.url);
  change(url);
  return url.href;
};

/** What a person reads; nothing may go to stdout, and no password anywhere. */
function refused(args: readonly string[], url?: string, inSchema = schema): string {
  const { status, stdout, stderr } = bin.run(args, {
    JEST_DISTRIBUTED_DATABASE_SCHEMA: inSchema,
    ...(url !== undefined && { JEST_DISTRIBUTED_DATABASE_URL: url }),
  });
  expect({ args, status, stdout }).toEqual({ args, status: 1, stdout: '' });
  for (const secret of [TEST_PASSWORD, encodeURIComponent(TEST_PASSWORD), 'wrong-password']) {
    expect(stderr).not.toContain(secret);
  }
  expect(stderr).toMatch(/^jest-distributed: \S/);
  expect(stderr).not.toMatch(/^ +at /m);
  return stderr;
}

describe('a command says what is wrong with the database, and what to do', () => {
  test('none is named', () => {
    for (const args of COMMANDS.filter((one) => !(one as readonly string[]).includes('--print'))) {
      const stderr = refused(args);
      expect(stderr).toContain(
        'No database URL is set: neither JEST_DISTRIBUTED_DATABASE_URL nor --database-url is set.',
      );
      expect(stderr).toContain('Set JEST_DISTRIBUTED_DATABASE_URL to postgres://user:password@host:5432/database');
    }
  });

  test('it refuses the password', () => {
    const url = changed((given) => (given.password = 'wrong-password'));
    for (const args of [
      ['db', 'migrate', '--print'],
      ['db', 'status'],
    ]) {
      const stderr = refused(args, url);
      expect(stderr).toContain('The database refused the login of "postgres".');
      expect(stderr).toContain('Check user and password of the URL (special characters %-encoded)');
    }
  });

  test('there is no password', () => {
    const stderr = refused(
      ['history'],
      changed((given) => (given.password = '')),
    );
    expect(stderr).toContain('The database requires a password for "postgres", and none is set.');
    expect(stderr).toContain('set PGPASSWORD');
  });

  test('it is down', async () => {
    const port = await freePort();
    const url = changed((given) => (given.port = String(port)));
    const stderr = refused(['history'], url);
    expect(stderr).toMatch(
      new RegExp(
        `The queue's database could not be reached within \\d+ s\\. PostgreSQL at 127\\.0\\.0\\.1:${port}/postgres said:`,
      ),
    );
    expect(stderr.replace(/\s+/g, ' ')).toMatch(
      /If its host or port is wrong, correct it in (?:JEST_DISTRIBUTED_DATABASE_URL|--database-url)\. Otherwise check that it runs and that this machine may connect\./,
    );
    // That is about nodes.
    expect(stderr).not.toContain('static share');
  });

  test('there is no such database', () => {
    const stderr = refused(
      ['slow'],
      changed((given) => (given.pathname = '/nowhere')),
    );
    expect(stderr).toContain('There is no database "nowhere".');
    expect(stderr).toMatch(/or create the database:\s+createdb -h \S+ -p \d+ -U postgres nowhere\n/);
  });

  test('the role has no rights', async () => {
    const role = newSchemaName();
    await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'wrong-password'`);
    const url = changed((given) => {
      given.username = role;
      given.password = 'wrong-password';
    });
    for (const args of [['history'], ['cancel', '--run-id', '1']]) {
      const stderr = refused(args, url);
      expect(stderr).toContain(`The role "${role}" lacks a right on the queue's schema.`);
      expect(stderr).toContain(`npx jest-distributed db migrate --role ${role}\n`);
    }
  });

  test('the schema is missing, older or newer', async () => {
    const other = newSchemaName();
    for (const args of [['flaky'], ['db', 'prune', '--days', '90']]) {
      const stderr = refused(args, server.url, other);
      expect(stderr).toContain(`The database ${admin.address} has no queue in its schema ${other}.`);
      expect(stderr).toContain('so does "npx jest-distributed db migrate"');
    }
    await migrate(admin, other);
    await admin.query(`UPDATE ${other}.meta SET version = 99`);
    for (const args of [['slow'], ['db', 'migrate'], ['db', 'migrate', '--print']]) {
      const stderr = refused(args, server.url, other);
      expect(stderr).toContain(`has version 99, but this jest-distributed supports only ${LATEST_VERSION}`);
      expect(stderr).toContain('Update jest-distributed in this project');
    }
    // There is no older version yet but a half one: a negative number stands for it.
    await admin.query(`UPDATE ${other}.meta SET version = -1`);
    const stderr = refused(['history'], server.url, other);
    expect(stderr).toContain(`has version -1, but this jest-distributed needs ${LATEST_VERSION}`);
    expect(stderr).toContain('Run "npx jest-distributed db migrate"');
  });

  test('the name of the schema cannot be one', () => {
    expect(refused(['history'], server.url, 'pg_mine')).toContain('"pg_mine" cannot be the name of the queue');
  });

  test('the URL is none', () => {
    const stderr = refused(['history'], 'mysql://me:wrong-password@db/x');
    expect(stderr).toContain('The value of JEST_DISTRIBUTED_DATABASE_URL is not the URL of a PostgreSQL database');
    expect(stderr).not.toContain('wrong-password');
  });

  test('the URL is given twice', () => {
    const { status, stderr } = bin.run(['history', '--database-url', server.url, '--database-url', server.url]);
    expect(status).toBe(1);
    expect(stderr).toContain('--database-url is given 2 times.');
    expect(stderr).not.toContain(encodeURIComponent(TEST_PASSWORD));
  });

  test('it speaks no TLS, or a certificate cannot be read', () => {
    const plain = refused(['history'], `${server.url}?sslmode=verify-full`);
    expect(plain).toContain('No encrypted connection to the database could be made.');
    expect(plain).toContain('The server does not support SSL connections');
    expect(plain).toContain('disable for a server without TLS');
    const unreadable = refused(['history'], `${server.url}?sslmode=verify-full&sslrootcert=/nowhere/ca.pem`);
    expect(unreadable).toContain('No encrypted connection to the database could be made.');
    expect(unreadable).toContain("ENOENT: no such file or directory, open '/nowhere/ca.pem'");
  });
});

describe('a secret is shown by', () => {
  const isShown = (text: string) => text.includes(TEST_PASSWORD) || text.includes(encodeURIComponent(TEST_PASSWORD));

  test('no help, whatever is set', () => {
    for (const args of [
      ['--help'],
      ['db', '--help'],
      ['db', 'status', '--help'],
      ['history', '--help'],
      ['cancel', '--help'],
    ]) {
      const { status, stdout, stderr } = bin.run(args, { JEST_DISTRIBUTED_DATABASE_URL: server.url });
      expect(status).toBe(0);
      expect(stdout).toContain('jest-distributed');
      expect(isShown(stdout + stderr)).toBe(false);
    }
  });

  test('no message about a mistyped command line', () => {
    for (const args of [['db', 'status'], ['slow'], ['cancel', '--run-id', '1']]) {
      for (const typed of [
        [...args, server.url],
        [...args, '--database', server.url],
      ]) {
        const { status, stdout, stderr } = bin.run(typed);
        expect(status).toBe(1);
        expect(stderr).toMatch(/\[(USAGE|FLAG_UNKNOWN)\]/);
        expect(isShown(stdout + stderr)).toBe(false);
      }
    }
  });

  test('no question to the history that was a URL by mistake', async () => {
    const queue = createPostgresQueue(admin, schema);
    await makePastRun(queue, { pipeline: 'web', runId: '1', commit: null, files: { a: [pass(1)] } });
    const { stdout, stderr } = bin.run(['history', server.url], {
      JEST_DISTRIBUTED_DATABASE_URL: server.url,
      JEST_DISTRIBUTED_DATABASE_SCHEMA: schema,
    });
    expect(stdout.replaceAll(/\s/g, '')).toContain('endswith"(notshown:itmayholdapassword)"');
    expect(isShown(`${stdout}${stderr}`.replaceAll(/\n */g, ''))).toBe(false);
  });

  test('no stack trace and no inspection of what a client throws', async () => {
    const url = changed((given) => (given.pathname = '/nowhere'));
    const client = createPgClient({ url, source: 'the test' });
    const error = (await client.query('SELECT 1').catch((caught: unknown) => caught)) as Error;
    for (const text of [String(error.stack), inspect(error, { depth: 9, showHidden: true }), inspect(client)]) {
      expect(isShown(text)).toBe(false);
    }
    await client.close();
  });
});
