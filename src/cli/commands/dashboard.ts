import { findFolders } from '../../files/folders';
import { originOf } from '../../files/git';
import { onStopSignal } from '../../files/processes';
import type { Arguments, Command } from '../command-line/command';
import { DATABASE_OPTIONS, databaseOptions, printLine, withDatabase } from '../database/database-session';
import { LISTEN_FLAGS, listenFlags } from '../database/listen-flags';

/** Years of history may take that long; a page waits for it. */
const LONG_MS = 120_000;

/** Pages say that there is no answer, and ask again by themselves. */
const RETRY_MS = 5_000;

async function dashboard(argv: Arguments): Promise<number> {
  const listen = listenFlags(argv);
  const { projectDir } = findFolders(null);
  const needs = { isQuestion: true, isHistory: true, queryTimeoutMs: LONG_MS, retryMs: RETRY_MS, connections: 4 };
  return withDatabase(await databaseOptions(argv), needs, async ({ client, schema }) => {
    // Loaded late: nobody else needs a web server.
    const { serveDashboard } = await import('../../dashboard/serve.js');
    const { createDatabaseDashboard } = await import('../../postgres/dashboard/data.js');
    const data = createDatabaseDashboard(client, schema, {
      remote: (await originOf(projectDir)) ?? null,
    });
    const served = await serveDashboard(data, listen);
    printLine(`dashboard of ${data.facts.place}: press Ctrl-C to end it`);
    if (served.hasToken) printLine('its address has a token: who has it may read everything here');
    process.stdout.write(`${served.address}\n`);
    await new Promise<void>((resolve) => {
      const release = onStopSignal(() => {
        release();
        resolve();
      });
    });
    await served.close();
    return 0;
  });
}

export const dashboardCommand: Command = {
  name: 'dashboard',
  describe: 'Serve pages of all runs of the queue, also while they run',
  flags: LISTEN_FLAGS,
  options: DATABASE_OPTIONS,
  examples: [
    ['dashboard', 'for this machine alone'],
    ['dashboard --host 0.0.0.0', 'for others, who need the address that is printed'],
  ],
  execute: dashboard,
};
