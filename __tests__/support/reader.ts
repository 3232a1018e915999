/** A role of its own that may read a schema of the queue and nothing else. */
import { randomUUID } from 'node:crypto';
import { createPgClient } from '../../src/postgres/client/pg-client';
import type { SqlClient } from '../../src/postgres/client/sql-client';
import { grantRole } from '../../src/postgres/schema/grants';

const PASSWORD = 'top-secret-password';

export interface Reader {
  readonly url: string;
  readonly client: SqlClient;
  /** To be called before the schema goes. */
  readonly remove: () => Promise<void>;
}

/** @param serverUrl of the server that the schema is on. */
export async function makeReader(admin: SqlClient, serverUrl: string, schema: string): Promise<Reader> {
  const role = `reader_${randomUUID().slice(0, 8)}`;
  await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD '${PASSWORD}'`);
  await grantRole(admin, schema, role, 'reader');
  const url = new URL(serverUrl);
  url.username = role;
  url.password = PASSWORD;
  const client = createPgClient({ url: url.href, source: 'the test' });
  return {
    url: url.href,
    client,
    remove: async () => {
      await client.close();
      await admin.query(`DROP OWNED BY ${role}`);
      await admin.query(`DROP ROLE ${role}`);
    },
  };
}
