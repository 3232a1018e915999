/**
 * PGlite (PostgreSQL in WebAssembly, https://pglite.dev) as a `SqlClient`, for runs on one machine.
 *
 * One process owns it and other nodes ask that process (`socket/`). Not through pglite-socket: it was seen to hand one
 * client's rows to another.
 */
import { DistributedError } from '../../errors';
import { explainDatabaseError } from './database-error';
import type { SqlClient, SqlRow, SqlValue } from './sql-client';

/** The little that is needed of PGlite's class. */
interface PgliteSession {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: SqlRow[] }>;
}
interface PgliteDatabase extends PgliteSession {
  transaction<T>(work: (tx: PgliteSession) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * @param directory where its data lies between runs, or undefined for a database in memory. The caller must hold a lock
 * on it: PGlite has none of its own, and two owners corrupt the data.
 * @throws DistributedError `PGLITE_MISSING`, `QUEUE_DIRECTORY_BROKEN`.
 */
export async function createPgliteClient(directory?: string): Promise<SqlClient> {
  const { PGlite } = await loadPglite();
  const database = await PGlite.create(directory).catch((cause: unknown) => {
    throw unopened(directory, cause);
  });
  const address = directory ?? 'memory';
  const explained = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw explainDatabaseError(error, {
        ...{ url: '', source: null, address, host: '', port: '' },
        ...{ user: 'postgres', database: 'postgres', secrets: [] },
      });
    }
  };
  const rowsOf = async (session: PgliteSession, text: string, values?: readonly SqlValue[]) =>
    (await session.query(text, values as unknown[])).rows;
  return {
    address,
    query: (text, values) => explained(() => rowsOf(database, text, values)),
    transaction: (work) =>
      explained(() => database.transaction((tx) => work((text, values) => rowsOf(tx, text, values)))),
    close: () => database.close(),
  };
}

function unopened(directory: string | undefined, cause: unknown): DistributedError {
  const reason = String((cause as Error | null)?.message ?? cause)
    .split('\n')[0]
    ?.replace(/\.+$/, '');
  return new DistributedError({
    code: 'QUEUE_DIRECTORY_BROKEN',
    message: `The queue's data in ${directory ?? 'memory'} cannot be opened: ${reason}.`,
    remedy:
      directory === undefined
        ? ''
        : 'Remove that folder: the next run creates a new one, and only its history is lost.',
    cause,
  });
}

/** Whether PGlite is installed; asking loads nothing. */
export function hasPglite(): boolean {
  try {
    require.resolve('@electric-sql/pglite');
    return true;
  } catch {
    return false;
  }
}

async function loadPglite(): Promise<{ PGlite: { create(directory?: string): Promise<PgliteDatabase> } }> {
  try {
    return require('@electric-sql/pglite') as never;
  } catch (cause) {
    throw new DistributedError({
      code: 'PGLITE_MISSING',
      message: 'A queue on one machine needs the package "@electric-sql/pglite", which is not installed.',
      remedy: 'Install it (npm install --save-dev @electric-sql/pglite), or name a PostgreSQL with --database-url.',
      cause,
    });
  }
}
