/** What `db status` shows. */

import { type SchemaStatus, schemaStatus } from './migrate';
import { LATEST_VERSION } from './migrations';
import { quoteSchema } from './schema-name';
import type { SqlClient } from './sql-client';

export interface DatabaseStatus extends SchemaStatus {
  /** `host:port/database`. */
  readonly address: string;
  /** PostgreSQL's own, e.g. `15.14`. */
  readonly serverVersion: string;
  /** Null where the schema is not the one this package knows. */
  readonly contents: {
    readonly builds: number;
    readonly liveSessions: number;
    /** An estimate: the table may be long. */
    readonly attempts: number;
    readonly bytes: number;
    /** ISO 8601, or null where there is no build. */
    readonly oldestBuildAt: string | null;
  } | null;
}

export async function databaseStatus(client: SqlClient, schema: string): Promise<DatabaseStatus> {
  const status = await schemaStatus(client, schema);
  const [server] = await client.query('SHOW server_version');
  const about = { ...status, address: client.address, serverVersion: String(server?.server_version) };
  if (status.version !== LATEST_VERSION) return { ...about, contents: null };
  const s = quoteSchema(schema);
  const [row] = await client.query(
    `SELECT (SELECT count(*)::int FROM ${s}.build) AS builds,
      (SELECT count(*)::int FROM ${s}.session WHERE left_at IS NULL AND alive_until > clock_timestamp()) AS live,
      (SELECT greatest(reltuples, 0)::bigint FROM pg_catalog.pg_class WHERE oid = '${s}.attempt'::regclass) AS attempts,
      (SELECT sum(pg_total_relation_size(c.oid))::bigint FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind = 'r') AS bytes,
      (SELECT min(created_at) FROM ${s}.build) AS oldest`,
    [schema],
  );
  const oldest = row?.oldest;
  return {
    ...about,
    contents: {
      builds: Number(row?.builds),
      liveSessions: Number(row?.live),
      attempts: Number(row?.attempts),
      bytes: Number(row?.bytes),
      oldestBuildAt: oldest instanceof Date ? oldest.toISOString() : null,
    },
  };
}
