import { createPgClient } from '../../src/postgres/client/pg-client';
import { migrate } from '../../src/postgres/schema/migrate';
import { queueContract } from '../contracts/queue';
import { newSchemaName, startPostgres } from '../support/postgres';
import { sqlHarness } from '../support/queue-harness';

queueContract('PostgreSQL', async () => {
  const server = await startPostgres();
  const schema = newSchemaName();
  const connect = () => createPgClient({ url: server.url, source: 'the test' });
  const admin = connect();
  await migrate(admin, schema);
  return sqlHarness(admin, schema, connect, async () => {
    await admin.query(`DROP SCHEMA ${schema} CASCADE`);
    await admin.close();
    await server.close();
  });
});
