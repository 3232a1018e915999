/** What `db migrate --print` prints: the SQL that brings a database up to date, for whoever may run it. */
import { isDistributedError } from '../../errors';
import type { SqlClient } from '../client/sql-client';
import { grantSql, type RoleUse } from './grants';
import { currentRole, migrationSql, refuseNewer, schemaStatus, sqlText } from './migrate';
import { LATEST_VERSION } from './migrations';

export interface MigrateScript {
  readonly sql: string;
  /** For people: what the script is made for. */
  readonly note: string;
}

/** Everything, for a database that has no schema of ours yet; asks no database. */
export function wholeScript(schema: string, role?: string, use: RoleUse = 'node'): MigrateScript {
  const grants = role === undefined ? '; --role <name> adds what a role needs to use it' : '';
  return {
    sql: sqlText(migrationSql(schema, 0, role, use)),
    note: `no database is named, so this makes schema ${schema} from nothing up to version ${LATEST_VERSION}${grants}`,
  };
}

/**
 * From the version of a database to the latest, and what a role needs to use it.
 *
 * @param role default: the one that asks.
 * @throws DistributedError `SCHEMA_TOO_NEW`, and what a connection throws.
 */
export async function neededScript(
  client: SqlClient,
  schema: string,
  role?: string,
  use: RoleUse = 'node',
): Promise<MigrateScript> {
  const user = role ?? (await currentRole(client));
  const version = await schemaStatus(client, schema).then(
    (status) => status.version,
    (error: unknown) => {
      if (isDistributedError(error) && error.code === 'DATABASE_RIGHTS_MISSING') return null;
      throw error;
    },
  );
  if (version === null) {
    return {
      sql: sqlText(grantSql(schema, user, use)),
      note: `schema ${schema} exists, but its version may not be read with this role: these are the rights that ${user} needs. Its owner should also run "npx jest-distributed db migrate"`,
    };
  }
  refuseNewer(version, schema);
  if (version === LATEST_VERSION) {
    return {
      sql: sqlText(grantSql(schema, user, use)),
      note: `schema ${schema} has version ${version} and needs no migration: this only grants ${user} what it needs`,
    };
  }
  return {
    sql: sqlText(migrationSql(schema, version, user, use)),
    note: `from version ${version} to ${LATEST_VERSION} of schema ${schema}, with what ${user} needs to use it`,
  };
}
