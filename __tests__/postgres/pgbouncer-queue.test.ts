import { describe, test } from '@jest/globals';
import { createPgClient } from '../../src/postgres/client/pg-client';
import { migrate } from '../../src/postgres/schema/migrate';
import { queueContract } from '../contracts/queue';
import { pgbouncerBinary, startPgBouncer } from '../support/pgbouncer';
import { newSchemaName, startPostgres } from '../support/postgres';
import { sqlHarness } from '../support/queue-harness';

if (pgbouncerBinary === undefined) {
  describe('PostgreSQL behind PgBouncer', () => {
    test.skip('PgBouncer is not installed: apt-get install pgbouncer', () => undefined);
  });
} else {
  queueContract('PostgreSQL behind PgBouncer in transaction mode', async () => {
    const server = await startPostgres();
    // Fewer connections than clients, so that statements of one client meet different ones.
    const bouncer = await startPgBouncer(server.url, 2);
    const schema = newSchemaName();
    const connect = () => createPgClient({ url: bouncer.url, source: 'the test' });
    const admin = connect();
    await migrate(admin, schema);
    return sqlHarness(admin, schema, connect, async () => {
      await admin.query(`DROP SCHEMA ${schema} CASCADE`);
      await admin.close();
      await bouncer.close();
      await server.close();
    });
  });
}
