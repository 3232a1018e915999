/** A connection for the commands around the queue's database. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { DistributedError } from '../../errors';
import { findFolders, shownPath } from '../../files/folders';
import { loadOptions } from '../../files/load-options';
import { stderrTerminal } from '../../files/standard-terminals';
import type { Options } from '../../options/resolve';
import { type OptionName, optionTable } from '../../options/table';
import { createPgClient } from '../../postgres/client/pg-client';
import { DEFAULT_SCHEMA, quoteSchema } from '../../postgres/client/schema-name';
import type { SqlClient } from '../../postgres/client/sql-client';
import { openLockedPglite } from '../../postgres/open-queue';
import { checkSchema } from '../../postgres/schema/migrate';
import { printable, wrapText } from '../../reports/terminal/text-width';
import type { Arguments } from '../command-line/command';
import { LOCAL_QUEUE_PATH } from './local-queue';

export interface DatabaseSession {
  readonly client: SqlClient;
  readonly schema: string;
  readonly options: Options;
}

export interface SessionNeeds {
  /** The schema must be the one this package knows; default true. */
  readonly currentSchema?: boolean;
  /** Without a URL the queue that `run --local --queue` keeps will do; default false. */
  readonly isQuestion?: boolean;
  /** It is about past runs; default false. */
  readonly isHistory?: boolean;
  /** A statement may take so long; default 35 s. */
  readonly queryTimeoutMs?: number;
  /** So long a database that does not answer is asked again; default 5 s. */
  readonly retryMs?: number;
  /** Statements that run beside each other; default 1. */
  readonly connections?: number;
}

/** A person waits for less than a node of a run does. */
const RETRY = { totalMs: 5_000, firstPauseMs: 100, longestPauseMs: 1000 };

/** Options of every command that looks into the database. */
export const DATABASE_OPTIONS = ['databaseUrl', 'databaseSchema'] as const satisfies readonly OptionName[];

export async function databaseOptions(argv: Arguments): Promise<Options> {
  const { options } = await loadOptions({ flags: argv, environment: process.env, rootDir: null });
  quoteSchema(options.databaseSchema.value);
  return options;
}

/**
 * Connects, does the work and closes, whatever happens.
 *
 * @throws DistributedError `DATABASE_URL_MISSING`, and what a connection or `checkSchema` throws.
 */
export async function withDatabase<T>(
  options: Options,
  needs: SessionNeeds,
  work: (session: DatabaseSession) => Promise<T>,
): Promise<T> {
  const { client, schema } = await connect(options, needs);
  try {
    if (needs.currentSchema !== false) await checkSchema(client, schema);
    return await work({ client, schema, options });
  } finally {
    await client.close();
  }
}

/** The database that is named; else, for questions, the one that `run --local --queue` keeps in this folder. */
async function connect(
  { databaseUrl, databaseSchema }: Options,
  { queryTimeoutMs, retryMs, connections = 1, isQuestion = false, isHistory = false }: SessionNeeds,
): Promise<Pick<DatabaseSession, 'client' | 'schema'>> {
  if (databaseUrl !== undefined) {
    const client = createPgClient({
      url: databaseUrl.value,
      source: databaseUrl.source,
      connections,
      retry: { ...RETRY, ...(retryMs !== undefined && { totalMs: retryMs }) },
      use: 'command',
      ...(queryTimeoutMs !== undefined && { queryTimeoutMs }),
    });
    return { client, schema: databaseSchema.value };
  }
  const kept = path.join(findFolders(null).projectDir, LOCAL_QUEUE_PATH);
  if (!isQuestion || !existsSync(kept)) throw urlMissing(isHistory);
  printLine(`no database is named, so this is the history of run --local --queue here (${shownPath(kept)})`);
  return { client: await openLockedPglite(kept), schema: DEFAULT_SCHEMA };
}

/** A line about what is going on, for people: on stderr, as all our own lines. */
export function printLine(text: string): void {
  const { columns } = stderrTerminal();
  const lines = wrapText(printable(text), columns, { first: 'jest-distributed: ', others: '  ' });
  process.stderr.write(`${lines.join('\n')}\n`);
}

/** @param isHistory a run whose queue kept none has said of itself what there is to say. */
function urlMissing(isHistory: boolean): DistributedError {
  const { variable, flag } = optionTable.databaseUrl;
  return new DistributedError({
    code: 'DATABASE_URL_MISSING',
    message: `No database URL is set: neither ${variable} nor --${flag} is set.`,
    remedy: `${isHistory ? 'Failures and flaky tests of one run are at the end of its merge and on its report page. A history over runs of "run --local --queue" is kept here once @electric-sql/pglite is installed (npm install --save-dev @electric-sql/pglite); one of all machines needs a PostgreSQL database. ' : ''}Set ${variable} to postgres://user:password@host:5432/database (better than the flag, which other users of a machine can see).`,
  });
}
