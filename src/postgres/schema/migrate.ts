/**
 * Brings the schema to the version that this package needs, however many nodes start at once.
 */
import { DistributedError, isDistributedError } from '../../errors';
import { commandText, shellOf } from '../../shell/quote';
import { DEFAULT_SCHEMA, quoteSchema } from '../client/schema-name';
import type { SqlClient, SqlRow, SqlValue } from '../client/sql-client';
import { allFunctions } from './functions';
import { grantSql, type RoleUse, revokeSql } from './grants';
import { LATEST_VERSION, migrations } from './migrations';
import { allViews } from './views';

export interface SchemaStatus {
  readonly schema: string;
  /** 0 where there is no schema yet. */
  readonly version: number;
  readonly latest: number;
}

type Query = (text: string, values?: readonly SqlValue[]) => Promise<readonly SqlRow[]>;

/** The version of the schema in the database. */
export async function schemaStatus(client: SqlClient, schema: string): Promise<SchemaStatus> {
  return { schema, version: await readVersion(client.query, schema), latest: LATEST_VERSION };
}

/**
 * Migrates where needed: a check without a lock, then one transaction under an advisory lock with a second check.
 *
 * @returns how many migrations ran here; 0 for all but one of many starters.
 * @throws DistributedError `SCHEMA_TOO_NEW`; `SCHEMA_RIGHTS_MISSING` with the SQL for a DBA.
 */
export async function migrate(client: SqlClient, schema: string): Promise<number> {
  const before = await readVersion(client.query, schema);
  refuseNewer(before, schema);
  if (before === LATEST_VERSION) return 0;
  try {
    return await client.transaction(async (query) => {
      // The lock ends with the transaction: a session lock would stay with a pooled connection.
      await query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`jest-distributed:${schema}`]);
      const version = await readVersion(query, schema);
      refuseNewer(version, schema);
      // One statement at a time: a text with many and no parameters is one round trip in pg and refused by PGlite.
      if (version < LATEST_VERSION) for (const statement of migrationSql(schema, version)) await query(statement);
      return LATEST_VERSION - version;
    });
  } catch (error) {
    throw isDistributedError(error) && error.code === 'DATABASE_RIGHTS_MISSING'
      ? rightsMissing(schema, before, await currentRole(client), error)
      : error;
  }
}

/**
 * Checks that the schema is the one this package needs, without changing it.
 *
 * @throws DistributedError `SCHEMA_MISSING`, `SCHEMA_TOO_OLD`, `SCHEMA_TOO_NEW`.
 */
export async function checkSchema(client: SqlClient, schema: string): Promise<void> {
  const version = await readVersion(client.query, schema);
  refuseNewer(version, schema);
  if (version === LATEST_VERSION) return;
  if (version === 0) {
    throw new DistributedError({
      code: 'SCHEMA_MISSING',
      message: `The database ${client.address} has no queue in its schema ${schema}.`,
      remedy:
        'The first node that runs with it makes one, and so does "npx jest-distributed db migrate"; another schema is named with JEST_DISTRIBUTED_DATABASE_SCHEMA (--database-schema).',
    });
  }
  throw new DistributedError({
    code: 'SCHEMA_TOO_OLD',
    message: `The queue's schema ${schema} has version ${version}, but this jest-distributed needs ${LATEST_VERSION}.`,
    remedy: 'Run "npx jest-distributed db migrate" with a role that may create tables there.',
  });
}

/**
 * Every statement from a version to the latest: what `db migrate --print` shows.
 *
 * @param role a role that is to use the queue without owning it: what it needs is granted at the end.
 */
export function migrationSql(
  schema: string,
  fromVersion: number,
  role?: string,
  use: RoleUse = 'node',
): readonly string[] {
  const name = quoteSchema(schema);
  return [
    // Only where it is missing: the right to create a schema is then not needed.
    ...(fromVersion === 0
      ? [
          `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = '${schema}') THEN CREATE SCHEMA ${name}; END IF; END $$`,
          `CREATE TABLE ${name}.meta (version int NOT NULL, migrated_at timestamptz NOT NULL DEFAULT clock_timestamp())`,
        ]
      : []),
    ...migrations.slice(fromVersion).flatMap((migration) => splitStatements(migration(name))),
    ...allFunctions(name),
    revokeSql(schema),
    ...allViews(name),
    `DELETE FROM ${name}.meta`,
    `INSERT INTO ${name}.meta (version) VALUES (${LATEST_VERSION})`,
    ...(role === undefined ? [] : grantSql(schema, role, use)),
  ].map((statement) => statement.trim());
}

/** Statements of a migration, which ends each with a semicolon at the end of a line and holds no function bodies. */
function splitStatements(sql: string): string[] {
  return sql
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter(Boolean);
}

async function readVersion(query: Query, schema: string): Promise<number> {
  // Not to_regclass(): after waiting for an advisory lock inside a transaction it was seen to answer from a stale cache.
  const rows = await query(
    `SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relname = 'meta'`,
    [schema],
  );
  if (rows.length === 0) return 0;
  const [row] = await query(`SELECT version FROM ${quoteSchema(schema)}.meta`);
  if (row === undefined) throw versionMissing(schema);
  return Number(row.version);
}

/** To make the tables again would fail half-way, and to guess the version would be worse. */
function versionMissing(schema: string): DistributedError {
  return new DistributedError({
    code: 'SCHEMA_VERSION_MISSING',
    message: `The queue's schema ${schema} has a table meta without its row, so its version is unknown.`,
    remedy: `Somebody deleted that row. Let the owner drop the schema with all its history (DROP SCHEMA ${quoteSchema(schema)} CASCADE), or restore the table from a backup.`,
  });
}

/** The role that statements run with. */
export async function currentRole(client: SqlClient): Promise<string> {
  const [row] = await client.query('SELECT current_user AS role');
  return String(row?.role);
}

/** @throws DistributedError `SCHEMA_TOO_NEW`. */
export function refuseNewer(version: number, schema: string): void {
  if (version <= LATEST_VERSION) return;
  throw new DistributedError({
    code: 'SCHEMA_TOO_NEW',
    message: `The queue's schema ${schema} has version ${version}, but this jest-distributed supports only ${LATEST_VERSION}.`,
    remedy: 'Update jest-distributed in this project, or give it a schema of its own.',
  });
}

function rightsMissing(schema: string, version: number, role: string, cause: DistributedError): DistributedError {
  return new DistributedError({
    code: 'SCHEMA_RIGHTS_MISSING',
    message: `The queue's schema ${schema} has version ${version} and must get ${LATEST_VERSION}, but this role may not create it. ${cause.fact.split('\n')[0]}`,
    remedy: `Let the database's owner run this once with the owner's URL, then run again: ${migrateCommand(role, schema)}\n  With --print the same command prints the SQL.`,
    cause,
  });
}

function migrateCommand(role: string, schema: string): string {
  const words = ['npx', 'jest-distributed', 'db', 'migrate', '--role', role];
  if (schema !== DEFAULT_SCHEMA) words.push('--database-schema', schema);
  return commandText(words, shellOf(process.platform, process.env));
}

/** Statements as a script that runs in one transaction. */
export function sqlText(statements: readonly string[]): string {
  return ['BEGIN', ...statements, 'COMMIT'].map((statement) => `${statement.replace(/;$/, '')};\n`).join('\n');
}
