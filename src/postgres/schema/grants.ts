/**
 * What a role needs to run nodes without owning the schema, and nothing else: it reads everything but what fixtures gave,
 * takes and gives back items, and writes results only through functions that run as the owner (see `functions/as-owner.ts`). It deletes
 * nothing, and it cannot touch the version of the schema.
 */
import { DistributedError } from '../../errors';
import { quoteSchema } from '../client/schema-name';
import type { SqlClient, SqlRow } from '../client/sql-client';

/** Columns that a node writes by statements of its own. */
const WRITTEN: readonly { readonly right: 'UPDATE'; readonly table: string; readonly columns: string[] }[] = [
  { right: 'UPDATE', table: 'session', columns: ['alive_until', 'left_at'] },
  {
    right: 'UPDATE',
    table: 'item',
    columns: ['state', 'rank', 'claim_number', 'session_id', 'owner', 'not_node', 'claimed_at', 'started_at'],
  },
  { right: 'UPDATE', table: 'run', columns: ['cancelled_at', 'cancelled_by'] },
];

/** The table that may hold passwords; functions give them to whom they belong. */
const SECRET = 'fixture';

/** Functions of an owner are not for everybody who may look at the schema. Part of every migration. */
export const revokeSql = (schema: string): string =>
  `REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA ${quoteSchema(schema)} FROM PUBLIC`;

/** `node` runs tests, `reader` watches runs and asks the history. */
export type RoleUse = 'node' | 'reader';

/** Tables and views that a reader looks at. */
const READ = [
  ...['meta', 'file', 'run', 'session', 'item', 'execution'],
  ...['run_summary', 'file_execution', 'test_execution', 'flaky_file'],
] as const;

const quoteRole = (role: string): string => `"${role.replaceAll('"', '""')}"`;

function readerSql(schema: string, role: string): readonly string[] {
  const name = quoteSchema(schema);
  const tables = READ.map((table) => `${name}.${table}`).join(', ');
  return [`GRANT USAGE ON SCHEMA ${name} TO ${quoteRole(role)}`, `GRANT SELECT ON ${tables} TO ${quoteRole(role)}`];
}

export function grantSql(schema: string, role: string, use: RoleUse = 'node'): readonly string[] {
  if (use === 'reader') return readerSql(schema, role);
  const name = quoteSchema(schema);
  const to = quoteRole(role);
  return [
    `GRANT USAGE ON SCHEMA ${name} TO ${to}`,
    // Not ON ALL TABLES, to revoke one afterwards: whoever may not grant may not revoke either, and that is an error.
    `DO $grant$ DECLARE t text; BEGIN FOR t IN SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = '${schema}' AND c.relkind IN ('r', 'v') AND c.relname <> '${SECRET}' LOOP
    EXECUTE 'GRANT SELECT ON ${name}.' || quote_ident(t) || ' TO ${to.replaceAll("'", "''")}';
  END LOOP; END $grant$`,
    ...WRITTEN.map(
      ({ right, table, columns }) => `GRANT ${right} (${columns.join(', ')}) ON ${name}.${table} TO ${to}`,
    ),
    `GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${name} TO ${to}`,
  ];
}

/**
 * Grants it, all or nothing.
 *
 * @throws DistributedError `GRANT_REFUSED`: PostgreSQL only warns where a role grants what it may not grant.
 */
export async function grantRole(client: SqlClient, schema: string, role: string, use: RoleUse = 'node'): Promise<void> {
  await client.transaction(async (query) => {
    for (const statement of grantSql(schema, role, use)) await query(statement);
    const sql = use === 'reader' ? readerLackingSql : lackingSql(schema);
    const lacking = (await query(sql, [schema, role])).map(({ name }) => String(name));
    if (lacking.length === 0) return;
    const [row] = (await query('SELECT current_user AS name')) as [SqlRow];
    throw grantRefused(schema, role, String(row.name), lacking);
  });
}

/** Names of what a reader lacks. $1 schema, $2 role. */
const readerLackingSql = `
SELECT 'USAGE on the schema' AS name WHERE NOT has_schema_privilege($2, $1, 'USAGE')
UNION ALL SELECT 'SELECT on ' || c.relname FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = $1 AND c.relname IN (${READ.map((table) => `'${table}'`).join(', ')})
    AND NOT has_table_privilege($2, c.oid, 'SELECT')`;

/** Names of what the role lacks. $1 schema, $2 role. */
function lackingSql(schema: string): string {
  const columns = WRITTEN.flatMap(({ right, table, columns: names }) =>
    names.map((column) => `('${right}', '${table}', '${column}')`),
  );
  return `
SELECT 'USAGE on the schema' AS name WHERE NOT has_schema_privilege($2, $1, 'USAGE')
UNION ALL SELECT 'SELECT on ' || c.relname FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = $1 AND c.relkind IN ('r', 'v') AND c.relname <> '${SECRET}' AND NOT has_table_privilege($2, c.oid, 'SELECT')
UNION ALL SELECT DISTINCT t.kind || ' on ' || t.rel FROM (VALUES ${columns.join(', ')}) AS t (kind, rel, col)
  WHERE NOT has_column_privilege($2, '${quoteSchema(schema)}.' || t.rel, t.col, t.kind)
UNION ALL SELECT 'EXECUTE on ' || p.proname FROM pg_catalog.pg_proc p
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  WHERE n.nspname = $1 AND NOT has_function_privilege($2, p.oid, 'EXECUTE')`;
}

function grantRefused(schema: string, role: string, by: string, lacking: readonly string[]): DistributedError {
  const [first = '', ...others] = lacking;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return new DistributedError({
    code: 'GRANT_REFUSED',
    message: `The role "${by}" may not grant rights on schema ${schema}, so "${role}" still lacks ${first}${more}. Nothing was granted.`,
    remedy: 'Run it with the URL of the role that owns the schema.',
  });
}
