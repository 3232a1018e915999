/** The harness of the queue's contract over any PostgreSQL: time goes on because its stamps go back. */

import { quoteSchema } from '../../src/postgres/client/schema-name';
import type { SqlClient } from '../../src/postgres/client/sql-client';
import { createPostgresQueue } from '../../src/postgres/postgres-queue';
import type { Queue } from '../../src/queue/queue';
import type { QueueHarness } from '../contracts/queue';

/** Moves every stamp that a lease depends on back by so many milliseconds. */
export async function elapse(client: SqlClient, schema: string, ms: number): Promise<void> {
  const s = quoteSchema(schema);
  const back = `- ${Math.round(ms)} * interval '1 ms'`;
  await client.query(`UPDATE ${s}.session SET alive_until = alive_until ${back}`);
  await client.query(`UPDATE ${s}.item SET started_at = started_at ${back} WHERE started_at IS NOT NULL`);
  await client.query(`UPDATE ${s}.fixture SET busy_until = busy_until ${back}`);
  await client.query(`UPDATE ${s}.run SET swept_at = swept_at ${back}, finished_at = finished_at ${back}`);
}

export function sqlHarness(
  admin: SqlClient,
  schema: string,
  connect: () => SqlClient,
  close: () => Promise<void>,
): QueueHarness {
  return {
    open: async (): Promise<Queue> => createPostgresQueue(connect(), schema),
    elapse: (ms) => elapse(admin, schema, ms),
    close,
  };
}
