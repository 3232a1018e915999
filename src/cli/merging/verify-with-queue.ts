/** Asks the queue of a run what it accepted, and compares. */

import type { QueueNodeRecord } from '../../blob/blob';
import type { GatheredRun } from '../../files/load-run';
import type { Options } from '../../options/resolve';
import { openQueue } from '../../postgres/queue-target';
import { isNothing } from '../../proof/nothing-to-run';
import { withFindings } from '../../proof/proof';
import { type DatabaseWord, NOT_ASKED } from '../../proof/queue-answer';
import { nameBegun, proveQueue } from '../../proof/queue-proof';
import type { Queue } from '../../queue/queue';

/** By name of the node, in the order of the nodes. */
function countRecovered({ accepted }: GatheredRun): DatabaseWord['recovered'] {
  const counts = new Map<string, number>();
  for (const { metadata, runs, isRecovered } of accepted) {
    const node = metadata.queue?.node;
    if (!isRecovered || node === undefined || runs.length === 0) continue;
    counts.set(node, (counts.get(node) ?? 0) + runs.length);
  }
  return [...counts].map(([node, results]) => ({ node, results }));
}

/** The run with what its queue says; the same run where it was none of a queue. */
export async function compareWithQueue(
  queue: Queue,
  run: GatheredRun,
  served: QueueNodeRecord['served'],
): Promise<GatheredRun> {
  const queued = run.blobs.find(({ metadata }) => metadata.queue)?.metadata.queue;
  // Nodes that found nothing never joined.
  if (!queued || isNothing(run.accepted)) return run;
  const ref = { pipeline: queued.pipeline, runId: queued.runId };
  const accepted = await queue.accepted(ref);
  const { findings, items, confirmed } = proveQueue(run.accepted, accepted, served);
  const named = nameBegun(run, await queue.begun(ref));
  const proven = { ...withFindings(named, findings), queueTries: await queue.tries(ref) };
  if (served !== 'database') return proven;
  const recovered = countRecovered(run);
  return { ...proven, verdict: { ...proven.verdict, database: { asked: true, items, confirmed, recovered } } };
}

/**
 * Asks the database that the options name.
 *
 * @throws DistributedError where it cannot be asked.
 */
export async function compareWithDatabase(run: GatheredRun, options: Options): Promise<GatheredRun> {
  const isOfDatabase = run.blobs.some(({ metadata }) => metadata.queue?.served === 'database');
  if (!isOfDatabase || isNothing(run.accepted)) return run;
  const { databaseUrl, databaseSchema } = options;
  if (databaseUrl === undefined) {
    const unasked = { ...run, verdict: { ...run.verdict, database: NOT_ASKED } };
    return withFindings(unasked, [
      {
        code: 'queue-unasked',
        severity: 'note',
        message: "The queue's database was not compared: no --database-url is set here.",
        remedy: '',
        nodes: [],
        items: [],
      },
    ]);
  }
  const { value: url, source } = databaseUrl;
  const queue = await openQueue({ kind: 'database', url, source, schema: databaseSchema.value });
  try {
    return await compareWithQueue(queue, run, 'database');
  } finally {
    await queue.close();
  }
}
