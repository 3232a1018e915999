/** Asks the queue of a run what it accepted, and compares. */
import type { GatheredRun } from '../files/blob-gather';
import type { Options } from '../options/resolve';
import { openQueue } from '../postgres/queue-target';
import type { Queue } from '../queue/queue';
import type { QueueSeatRecord } from '../results/blob';
import { isNothing } from '../results/nothing-to-run';
import { withFindings } from '../results/proof';
import { proveQueue } from '../results/queue-proof';

/** The run with what its queue says; the same run where it was none of a queue. */
export async function confirmBy(
  queue: Queue,
  run: GatheredRun,
  served: QueueSeatRecord['served'],
): Promise<GatheredRun> {
  const seat = run.blobs.find(({ metadata }) => metadata.queue)?.metadata.queue;
  // Nodes that found nothing never joined.
  if (!seat || isNothing(run.accepted)) return run;
  const build = { suite: seat.suite, build: seat.build };
  const accepted = await queue.accepted(build);
  return { ...withFindings(run, proveQueue(run.accepted, accepted, served)), queueTries: await queue.tries(build) };
}

/**
 * Asks the database that the options name.
 *
 * @throws DistributedError where it cannot be asked.
 */
export async function confirmByDatabase(run: GatheredRun, options: Options): Promise<GatheredRun> {
  const isOfDatabase = run.blobs.some(({ metadata }) => metadata.queue?.served === 'database');
  if (!isOfDatabase || isNothing(run.accepted)) return run;
  const { databaseUrl, databaseSchema } = options;
  if (databaseUrl === undefined) {
    return withFindings(run, [
      {
        code: 'queue-unasked',
        severity: 'note',
        message: "The queue's database was not asked whether it agrees: no --database-url is given here.",
        remedy: '',
        nodes: [],
        items: [],
      },
    ]);
  }
  const { value: url, source } = databaseUrl;
  const queue = await openQueue({ kind: 'database', url, source, schema: databaseSchema.value });
  try {
    return await confirmBy(queue, run, 'database');
  } finally {
    await queue.close();
  }
}
