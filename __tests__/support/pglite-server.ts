/**
 * A process that owns a PGlite and serves its queue: PGlite loads itself by a dynamic import, which Jest's sandbox
 * refuses. Arguments: path of the socket. Over IPC, `{ id, sql }` runs a statement and `{ id }` comes back.
 */

import { createPgliteClient } from '../../src/postgres/client/pglite-client';
import { DEFAULT_SCHEMA } from '../../src/postgres/client/schema-name';
import { createPostgresQueue } from '../../src/postgres/postgres-queue';
import { migrate } from '../../src/postgres/schema/migrate';
import { serveQueue } from '../../src/postgres/socket/server';
import { elapse } from './queue-harness';

async function main(): Promise<void> {
  const client = await createPgliteClient();
  await migrate(client, DEFAULT_SCHEMA);
  await serveQueue(createPostgresQueue(client, DEFAULT_SCHEMA), process.argv[2] as string);
  process.on('message', (ms: number) => {
    void elapse(client, DEFAULT_SCHEMA, ms).then(() => process.send?.('elapsed'));
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.('ready');
}

void main();
