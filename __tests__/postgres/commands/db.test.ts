import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createPgClient } from '../../../src/postgres/client/pg-client';
import type { SqlClient } from '../../../src/postgres/client/sql-client';
import { createPostgresQueue } from '../../../src/postgres/postgres-queue';
import { LATEST_VERSION } from '../../../src/postgres/schema/migrations';
import { entriesOf, joinRequest, resultOf } from '../../contracts/queue';
import { type BinRun, type DatabaseBin, makeDatabaseBin } from '../../support/database-bin';
import { makePastRun, pass } from '../../support/past-runs';
import { newSchemaName, startPostgres, type TestPostgres } from '../../support/postgres';

let server: TestPostgres;
let admin: SqlClient;
let bin: DatabaseBin;
let address: string;

beforeAll(async () => {
  server = await startPostgres();
  admin = createPgClient({ url: server.url, source: 'the test' });
  address = admin.address;
  bin = makeDatabaseBin('web');
}, 60_000);
afterAll(async () => {
  await admin?.close();
  await server?.close();
  bin?.remove();
});

const ask = (schema: string, args: readonly string[], url = server.url): BinRun =>
  bin.run(args, { JEST_DISTRIBUTED_DATABASE_URL: url, JEST_DISTRIBUTED_DATABASE_SCHEMA: schema });
const said = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

/** A role that may log in and nothing else. */
async function newRole(): Promise<{ role: string; url: string }> {
  const role = newSchemaName();
  await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'pw-of-role'`);
  const url = new URL(server.url);
  url.username = role;
  url.password = 'pw-of-role';
  return { role, url: url.href };
}

/** Runs a run as that role: joins, claims, settles, finishes. */
async function works(url: string, schema: string): Promise<boolean> {
  const queue = createPostgresQueue(createPgClient({ url, source: 'the test' }), schema);
  try {
    const { session } = await queue.join(joinRequest({ runId: 'b', entries: entriesOf(['a']) }));
    const [lease] = await queue.claim(session, { count: 1, startNow: 1, known: [] });
    await queue.settle(session, [resultOf(lease as never)]);
    await queue.heartbeat(session);
    await queue.sweep(session, 0);
    return (await queue.finish(session)).finished;
  } finally {
    await queue.close();
  }
}

describe('db migrate', () => {
  test('makes the schema, says so, and finds nothing to do the second time', () => {
    const schema = newSchemaName();
    const first = ask(schema, ['db', 'migrate']);
    expect({ status: first.status, stdout: first.stdout }).toEqual({ status: 0, stdout: '' });
    expect(said(first.stderr)).toMatch(
      new RegExp(
        `^jest-distributed: migrating schema ${schema} of ${address} from version 0 to ${LATEST_VERSION} jest-distributed: migrated in [\\d.]+ m?s$`,
      ),
    );
    const second = ask(schema, ['db', 'migrate']);
    expect(second.status).toBe(0);
    expect(said(second.stderr)).toBe(
      `jest-distributed: schema ${schema} of ${address} has version ${LATEST_VERSION}: nothing to migrate`,
    );
  });

  test('--role gives a role what a node needs, and no more', async () => {
    const schema = newSchemaName();
    const { role, url } = await newRole();
    const { status, stderr } = ask(schema, ['db', 'migrate', '--role', role]);
    expect(status).toBe(0);
    expect(said(stderr)).toContain(`${role} may use schema ${schema}`);
    expect(await works(url, schema)).toBe(true);
    const pruned = ask(schema, ['db', 'prune', '--days', '90'], url);
    expect(pruned.status).toBe(1);
    expect(said(pruned.stderr)).toContain('and only the owner itself may prune:');
    const client = createPgClient({ url, source: 'the test' });
    const tables = ['meta', 'run', 'session', 'item', 'execution', 'file'];
    const forbidden = [
      `CREATE TABLE ${schema}.mine (x int)`,
      ...tables.map((table) => `DELETE FROM ${schema}.${table}`),
      ...tables.map((table) => `TRUNCATE ${schema}.${table}`),
      `UPDATE ${schema}.meta SET version = 99`,
      `INSERT INTO ${schema}.meta (version) VALUES (99)`,
      // What was recorded, and what decides a run.
      `UPDATE ${schema}.execution SET decision = 1`,
      `INSERT INTO ${schema}.execution SELECT * FROM ${schema}.execution`,
      `UPDATE ${schema}.file SET mean_ms = 1`,
      `UPDATE ${schema}.item SET outcome = 1`,
      `UPDATE ${schema}.run SET finished_at = now()`,
    ];
    for (const statement of forbidden) {
      await expect(client.query(statement)).rejects.toMatchObject({ code: 'DATABASE_RIGHTS_MISSING' });
    }
    expect(await client.query(`SELECT path FROM ${schema}.file_execution`)).toEqual([{ path: 'a' }]);
    await client.close();
    // Who may look at the history may not write it by a function of the owner.
    const reader = await newRole();
    await admin.query(`GRANT USAGE ON SCHEMA ${schema} TO ${reader.role}`);
    const looking = createPgClient({ url: reader.url, source: 'the test' });
    await expect(looking.query(`SELECT ${schema}.finish(1)`)).rejects.toMatchObject({
      code: 'DATABASE_RIGHTS_MISSING',
    });
    await looking.close();
  });

  test('--role by a role that may not grant says so, and grants nothing', async () => {
    const schema = newSchemaName();
    const node = await newRole();
    const other = await newRole();
    ask(schema, ['db', 'migrate', '--role', node.role]);
    const { status, stderr } = ask(schema, ['db', 'migrate', '--role', other.role], node.url);
    expect(status).toBe(1);
    expect(said(stderr)).toContain(
      `The role "${node.role}" may not grant rights on schema ${schema}, so "${other.role}" still lacks USAGE on the schema and`,
    );
    expect(said(stderr)).not.toContain('may use schema');
    // What it has already needs no right to grant.
    const again = ask(schema, ['db', 'migrate', '--role', node.role], node.url);
    expect(said(again.stderr)).toContain(`${node.role} may use schema ${schema}`);
  });

  test('--role of nobody says what to do', () => {
    const { status, stderr } = ask(newSchemaName(), ['db', 'migrate', '--role', 'nobody-here']);
    expect(status).toBe(1);
    expect(stderr).toContain('role "nobody-here" does not exist');
    expect(stderr).toContain('Create the role first (CREATE ROLE name LOGIN PASSWORD ...), or correct its name.');
  });

  test('with a role that may not create names the command for who may, and its SQL works', async () => {
    const schema = newSchemaName();
    const { role, url } = await newRole();
    const { status, stderr } = ask(schema, ['db', 'migrate'], url);
    expect(status).toBe(1);
    expect(stderr).toContain(`The queue's schema ${schema} has version 0 and must get ${LATEST_VERSION}`);
    expect(said(stderr)).toContain(
      `Let the database's owner run this once with the owner's URL, then run again: npx jest-distributed db migrate --role ${role} --database-schema ${schema}`,
    );
    expect(stderr).not.toContain('CREATE');
    await admin.query(bin.run(['db', 'migrate', '--print', '--role', role, '--database-schema', schema]).stdout);
    expect(await works(url, schema)).toBe(true);
  });
});

describe('db migrate --print', () => {
  test('without a database prints all of it, and asks none', async () => {
    const schema = newSchemaName();
    const { role, url } = await newRole();
    const { status, stdout, stderr } = bin.run([
      'db',
      'migrate',
      '--print',
      '--role',
      role,
      '--database-schema',
      schema,
    ]);
    expect(status).toBe(0);
    expect(said(stderr)).toBe(
      `jest-distributed: no database is named, so this makes schema ${schema} from nothing up to version ${LATEST_VERSION}`,
    );
    await admin.query(stdout);
    expect(await works(url, schema)).toBe(true);
  });

  test('without a role says how one gets its rights', () => {
    const { stdout, stderr } = bin.run(['db', 'migrate', '--print']);
    expect(stdout).toContain('CREATE SCHEMA "jest_distributed"');
    expect(stdout).not.toContain('GRANT');
    expect(said(stderr)).toContain('--role <name> adds what a role needs to use it');
  });

  test('with a database prints what it lacks, for the role of the URL, and changes nothing', async () => {
    const schema = newSchemaName();
    const { role, url } = await newRole();
    const { status, stdout, stderr } = ask(schema, ['db', 'migrate', '--print'], url);
    expect(status).toBe(0);
    expect(said(stderr)).toContain(`from version 0 to ${LATEST_VERSION} of schema ${schema}, with what ${role} needs`);
    expect(await admin.query('SELECT FROM pg_namespace WHERE nspname = $1', [schema])).toEqual([]);
    await admin.query(stdout);
    expect(await works(url, schema)).toBe(true);
    const again = ask(schema, ['db', 'migrate', '--print'], url);
    expect(said(again.stderr)).toContain('needs no migration: this only grants');
    expect(again.stdout).not.toContain('CREATE');
  });

  test('for a role that may not even look prints the rights it needs', async () => {
    const schema = newSchemaName();
    ask(schema, ['db', 'migrate']);
    const { role, url } = await newRole();
    const { status, stdout, stderr } = ask(schema, ['db', 'migrate', '--print'], url);
    expect(status).toBe(0);
    expect(said(stderr)).toContain(`may not be read with this role: these are the rights that ${role} needs`);
    await admin.query(stdout);
    expect(await works(url, schema)).toBe(true);
  });
});

describe('db status', () => {
  test('shows version, tables and age', async () => {
    const schema = newSchemaName();
    ask(schema, ['db', 'migrate']);
    const queue = createPostgresQueue(admin, schema);
    await makePastRun(queue, { pipeline: 'web', runId: '1', commit: null, files: { a: [pass(1)], b: [pass(1)] } });
    await admin.query(`UPDATE ${schema}.run SET created_at = now() - interval '3 days'`);
    await queue.join(joinRequest({ runId: '2', entries: entriesOf(['a']) }));
    const { status, stdout, stderr } = ask(schema, ['db', 'status']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n').map(said);
    expect(lines[0]).toMatch(new RegExp(`^database ${address}, PostgreSQL \\d+`));
    expect(stdout).toContain(`${schema}, version ${LATEST_VERSION}, current`);
    expect(said(stdout)).toMatch(/runs the oldest of \d{4}-\d\d-\d\d \(3 d ago\), the newest of [\d-]+ \(just now\)/);
    expect(stdout).toMatch(/^nodes +1 at work now$/m);
    expect(stdout).toMatch(/^ +run +2 +[\d,.]+ kB$/m);
    expect(stdout).toMatch(/^ +execution +2 +[\d,.]+ kB$/m);
    expect(JSON.parse(ask(schema, ['db', 'status', '--json']).stdout)).toMatchObject({
      ...{ schema, version: LATEST_VERSION, latest: LATEST_VERSION, address },
      contents: { liveSessions: 1, tables: [{ name: 'run', rows: 2, isEstimate: false }, {}, {}, {}, {}] },
    });
  });

  test('of no schema, of an older one and of a newer one shows it, and is red with a remedy', async () => {
    const schema = newSchemaName();
    const missing = ask(schema, ['db', 'status']);
    expect(missing.status).toBe(1);
    expect(missing.stdout).toMatch(new RegExp(`^schema +${schema}, missing$`, 'm'));
    expect(missing.stderr).toContain(`The database ${address} has no queue in its schema ${schema}.`);
    expect(missing.stderr).toContain('"npx jest-distributed db migrate"');
    ask(schema, ['db', 'migrate']);
    await admin.query(`UPDATE ${schema}.meta SET version = 99`);
    const newer = ask(schema, ['db', 'status']);
    expect(newer.status).toBe(1);
    expect(newer.stdout).toContain(`${schema}, version 99, this jest-distributed has ${LATEST_VERSION}`);
    expect(newer.stderr).toContain('Update jest-distributed in this project');
  });
});

describe('db prune', () => {
  test('forgets by age and says what', async () => {
    const schema = newSchemaName();
    ask(schema, ['db', 'migrate']);
    const queue = createPostgresQueue(admin, schema);
    for (let runId = 0; runId < 25; runId++) {
      await makePastRun(queue, {
        pipeline: 'web',
        runId: `${runId}`,
        commit: null,
        files: { a: [pass(1)], b: [pass(1)] },
      });
    }
    await admin.query(`UPDATE ${schema}.run SET created_at = now() - interval '100 days' WHERE key <> '7'`);
    const { status, stdout, stderr } = ask(schema, ['db', 'prune', '--days', '90']);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(said(stderr)).toBe(
      'jest-distributed: 24 runs with 48 executions deleted, and 0 files that no other run has',
    );
    expect(said(ask(schema, ['db', 'prune', '--days', '90']).stderr)).toBe(
      `jest-distributed: no run of schema ${schema} is older than 90 days: nothing to delete`,
    );
    expect(said(ask(schema, ['db', 'prune', '--days', '0']).stderr)).toContain('1 run with 2 executions deleted');
  });

  test.each([['soon'], ['-1'], ['1e3'], ['']])('of %j days is refused', (days) => {
    const { status, stderr } = bin.run(['db', 'prune', '--days', days]);
    expect(status).toBe(1);
    expect(stderr).toContain(`"${days}" is not an age in days (from --days).`);
    expect(stderr).toContain('jest-distributed db prune --days 90');
  });

  test('without an age forgets nothing', () => {
    const { status, stderr } = bin.run(['db', 'prune']);
    expect(status).toBe(1);
    expect(stderr).toContain('jest-distributed db prune needs --days. [USAGE]');
  });
});
