/** The earlier run that a merged one is compared with, from the database of its queue. */
import { nearCommits } from '../../files/git';
import type { GatheredRun } from '../../files/load-run';
import type { Options } from '../../options/resolve';
import { createHistory } from '../../postgres/history';
import { type BaseRun, baseOfRecord } from '../../reports/run-report/base-run';
import { withDatabase } from '../database/database-session';

/** @returns null where the run was none of a database's queue, or is the first of its pipeline. */
export async function findBaseInHistory({ blobs }: GatheredRun, options: Options): Promise<BaseRun | null> {
  const queue = blobs.find(({ metadata }) => metadata.queue?.served === 'database')?.metadata.queue;
  if (!queue || options.databaseUrl === undefined) return null;
  const commits = await nearCommits(process.cwd());
  return withDatabase(options, {}, async ({ client, schema }) => {
    const base = await createHistory(client, schema).base(queue.pipeline, queue.runId, commits);
    return base && baseOfRecord(base);
  });
}
