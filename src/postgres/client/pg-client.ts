/** The `pg` driver as a `SqlClient`. `pg` is loaded only here, so that who uses no queue needs no driver. */
import { Socket } from 'node:net';
import type { Pool, PoolClient } from 'pg';
import { DistributedError } from '../../errors';
import { type DatabaseUse, explainDatabaseError } from './database-error';
import { readDatabaseUrl } from './database-url';
import { createRetrier, DEFAULT_RETRY, type RetryPolicy } from './retry';
import type { SqlClient, SqlValue } from './sql-client';

export interface PgClientInit {
  readonly url: string;
  /** Flag or variable that gave the URL, for messages. */
  readonly source: string;
  readonly retry?: RetryPolicy;
  /** Called where a statement has been repeated for some seconds, with a notice for people. */
  readonly onWait?: (notice: string) => void;
  /** Connections at most; a node needs one to claim and one for what must not wait. */
  readonly connections?: number;
  readonly connectTimeoutMs?: number;
  /** A statement without an answer for this long counts as lost, and its connection is dropped. */
  readonly queryTimeoutMs?: number;
  /** What remedies speak of; default a run. */
  readonly use?: DatabaseUse;
}

/**
 * What can be known of a database without asking it: whether its URL is one, and whether there is a driver.
 *
 * @throws DistributedError `DATABASE_URL_INVALID`, `PG_MISSING`.
 */
export function checkDatabase({ url, source }: Pick<PgClientInit, 'url' | 'source'>): void {
  readDatabaseUrl(url, source);
  loadPg();
}

/** Connects lazily: nothing happens before the first statement. TLS is as `pg` reads it from the URL. */
export function createPgClient(init: PgClientInit): SqlClient {
  const { retry: policy = DEFAULT_RETRY, connections = 2, connectTimeoutMs = 10_000, queryTimeoutMs = 35_000 } = init;
  const database = readDatabaseUrl(init.url, init.source);
  const sockets = new Set<Socket>();
  const pool = new (loadPg().Pool)({
    connectionString: init.url,
    stream: () => {
      const socket = new Socket();
      sockets.add(socket);
      return socket.once('close', () => sockets.delete(socket));
    },
    max: connections,
    connectionTimeoutMillis: connectTimeoutMs,
    // No statement_timeout: it is a start-up parameter, which PgBouncer refuses.
    query_timeout: queryTimeoutMs,
    idleTimeoutMillis: 10_000,
    keepAlive: true,
    application_name: 'jest-distributed',
    // A run that ended must not wait for an idle connection.
    allowExitOnIdle: true,
  });
  // Without a listener a connection that dies while idle ends the process. The next statement meets the error itself.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));

  const explained = async <T>(work: () => Promise<T>, started = performance.now()): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const triedMs = Math.max(performance.now() - started, retrier.outageMs());
      throw explainDatabaseError(error, database, triedMs, init.use);
    }
  };

  const retrier = createRetrier(policy, (mostMs) =>
    init.onWait?.(
      `PostgreSQL at ${database.address} does not answer; trying again for ${Math.round(mostMs / 1000)} s in total`,
    ),
  );
  let closing: Promise<void> | undefined;
  return {
    address: database.address,
    query: (text, values) =>
      explained(() => retrier.run(async () => (await pool.query(text, values as unknown[])).rows)),
    transaction: (work) =>
      explained(async () => {
        const client = await retrier.run(() => pool.connect());
        return inTransaction(client, work);
      }),
    close: () => {
      closing ??= pool.end().then(() => {
        // pg leaves a connection open whose login it could not answer (no password), and the server waits a minute for it.
        for (const socket of sockets) socket.destroy();
      });
      return closing;
    },
  };
}

async function inTransaction<T>(client: PoolClient, work: Parameters<SqlClient['transaction']>[0]): Promise<T> {
  try {
    await client.query('BEGIN');
    const result = await work(async (text: string, values?: readonly SqlValue[]) => {
      return (await client.query(text, values as unknown[])).rows;
    });
    await client.query('COMMIT');
    client.release();
    return result as T;
  } catch (error) {
    // Dropping the connection rolls back even where the server no longer listens.
    client.release(true);
    throw error;
  }
}

function loadPg(): { readonly Pool: typeof Pool } {
  try {
    return require('pg') as { Pool: typeof Pool };
  } catch (cause) {
    throw new DistributedError({
      code: 'PG_MISSING',
      message: 'The queue needs the package "pg", which is not installed.',
      remedy: 'Install it beside jest-distributed: npm install --save-dev pg',
      cause,
    });
  }
}
