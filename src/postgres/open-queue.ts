/** Opens the queue that a database URL names: what `run --database-url` needs. */
import type { Queue } from '../queue/queue';
import { lockDirectory } from './client/directory-lock';
import { createPgClient, type PgClientInit } from './client/pg-client';
import { createPgliteClient } from './client/pglite-client';
import { OPENING_RETRY } from './client/retry';
import { DEFAULT_SCHEMA, quoteSchema } from './client/schema-name';
import type { SqlClient } from './client/sql-client';
import { withHeartbeatThread } from './heartbeat-thread';
import { createHistory } from './history';
import { createPostgresQueue } from './postgres-queue';
import { migrate } from './schema/migrate';

export interface OpenQueueInit extends PgClientInit {
  /** Default `jest_distributed`. */
  readonly schema?: string;
}

/**
 * Connects, brings the schema up to date where the role may, and gives the queue.
 *
 * @throws DistributedError where the URL is none, the database is down, slow, full or refuses, or the schema is newer.
 */
export async function openPostgresQueue(init: OpenQueueInit): Promise<Queue> {
  const schema = init.schema ?? DEFAULT_SCHEMA;
  quoteSchema(schema);
  const opening = createPgClient({ retry: OPENING_RETRY, ...init });
  try {
    await migrate(opening, schema);
  } finally {
    await opening.close();
  }
  const client = createPgClient(init);
  const { url, source } = init;
  const estimates: Queue['estimates'] = (pipeline, branch) => createHistory(client, schema).estimates(pipeline, branch);
  const queue = { ...createPostgresQueue(client, schema), estimates };
  return withHeartbeatThread(queue, { kind: 'database', url, source, schema });
}

/**
 * The queue of one machine, in the process that owns it; other processes reach it through `socket/`.
 *
 * Measured with PGlite 0.5.16 (27 MB): 2.5 s, 3.9 s of CPU and 0.9 GB of memory for a new one; 0.35 s, 0.5 s and 0.3 GB
 * for a directory that exists (39 MB). A run that needs no history is served by `createMemoryQueue` just as well, at no
 * cost.
 *
 * @param directory where its data lies between runs, or undefined: in memory.
 * @throws DistributedError `PGLITE_MISSING`, `QUEUE_DIRECTORY_IN_USE`.
 */
export async function openPgliteQueue(directory?: string): Promise<Queue> {
  const client = directory === undefined ? await createPgliteClient() : await openLockedPglite(directory);
  try {
    await migrate(client, DEFAULT_SCHEMA);
  } catch (error) {
    await client.close();
    throw error;
  }
  const estimates = (pipeline: string, branch: string | null) =>
    createHistory(client, DEFAULT_SCHEMA).estimates(pipeline, branch);
  return { ...createPostgresQueue(client, DEFAULT_SCHEMA), estimates, close: () => client.close() };
}

/**
 * The database of such a queue, for questions about its history; its schema is `DEFAULT_SCHEMA`.
 *
 * @throws DistributedError `PGLITE_MISSING`, `QUEUE_DIRECTORY_IN_USE`.
 */
export async function openLockedPglite(directory: string): Promise<SqlClient> {
  const unlock = await lockDirectory(directory);
  try {
    const client = await createPgliteClient(directory);
    const close = async () => {
      await client.close();
      unlock();
    };
    return { ...client, close };
  } catch (error) {
    unlock();
    throw error;
  }
}
