/** What `db status` shows. */

import { quoteSchema } from './client/schema-name';
import type { SqlClient } from './client/sql-client';
import { numberOrNull } from './row-mapping';
import { type SchemaStatus, schemaStatus } from './schema/migrate';
import { LATEST_VERSION } from './schema/migrations';

interface TableStatus {
  readonly name: string;
  readonly rows: number;
  /** A long table is not counted: the rows are the server's own estimate. */
  readonly isEstimate: boolean;
  /** With its indexes. */
  readonly bytes: number;
}

export interface DatabaseStatus extends SchemaStatus {
  /** `host:port/database`. */
  readonly address: string;
  /** PostgreSQL's own, e.g. `15.14`. */
  readonly serverVersion: string;
  /** Null where the schema is not the one this package knows. */
  readonly contents: {
    readonly tables: readonly TableStatus[];
    readonly bytes: number;
    /** Nodes that hold a lease or could take one now. */
    readonly liveSessions: number;
    /** ISO 8601, or null where there is no run. */
    readonly oldestRunAt: string | null;
    readonly newestRunAt: string | null;
  } | null;
}

const TABLES = ['run', 'session', 'item', 'execution', 'file'] as const;

/** Counting a table of this size takes about a tenth of a second. */
const COUNTED_BYTES = 32 * 1024 * 1024;

export async function databaseStatus(client: SqlClient, schema: string): Promise<DatabaseStatus> {
  const status = await schemaStatus(client, schema);
  const [server] = await client.query('SHOW server_version');
  const about = { ...status, address: client.address, serverVersion: String(server?.server_version) };
  if (status.version !== LATEST_VERSION) return { ...about, contents: null };
  const s = quoteSchema(schema);
  const [row] = await client.query(
    `SELECT (SELECT count(*)::int FROM ${s}.session WHERE left_at IS NULL AND alive_until > clock_timestamp()) AS live,
      (SELECT min(created_at) FROM ${s}.run) AS oldest, (SELECT max(created_at) FROM ${s}.run) AS newest`,
  );
  const tables = await listTables(client, schema);
  return {
    ...about,
    contents: {
      tables,
      bytes: tables.reduce((sum, { bytes }) => sum + bytes, 0),
      liveSessions: Number(row?.live),
      oldestRunAt: isoOrNull(row?.oldest),
      newestRunAt: isoOrNull(row?.newest),
    },
  };
}

async function listTables(client: SqlClient, schema: string): Promise<TableStatus[]> {
  const known = await client.query(
    `SELECT c.relname AS name, c.reltuples AS estimate, pg_relation_size(c.oid)::float8 AS heap,
      pg_total_relation_size(c.oid)::float8 AS bytes
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = $1 AND c.relkind = 'r' AND c.relname = ANY($2)`,
    [schema, TABLES],
  );
  // -1: never analysed, so there is no estimate.
  const isCounted = (row: (typeof known)[number]) => Number(row.heap) <= COUNTED_BYTES || Number(row.estimate) < 0;
  const counts = known
    .filter(isCounted)
    .map(({ name }) => `(SELECT count(*) FROM ${quoteSchema(schema)}."${name}") AS "${name}"`);
  const [counted] = counts.length === 0 ? [] : await client.query(`SELECT ${counts.join(', ')}`);
  return TABLES.flatMap((name) => {
    const row = known.find((one) => one.name === name);
    if (row === undefined) return [];
    const exact = numberOrNull(counted?.[name]);
    return [{ name, rows: exact ?? Number(row.estimate), isEstimate: exact === null, bytes: Number(row.bytes) }];
  });
}

const isoOrNull = (value: unknown): string | null => (value instanceof Date ? value.toISOString() : null);
