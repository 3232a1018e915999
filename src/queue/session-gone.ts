import { DistributedError } from '../errors';
import type { QueueSession } from './queue';

/** The rows of a run are not what they were: a backup was restored, a replica took over, somebody cleaned up. */
export function runGone({ node, pipeline, runId }: QueueSession): DistributedError {
  return new DistributedError({
    code: 'QUEUE_RUN_GONE',
    message: `Run ${runId} of ${pipeline} is no longer complete in the queue's database, so node ${node} cannot know that every file ran.`,
    remedy:
      'Run all nodes again under a new run id. A restored backup, a failover to a replica or "db prune" during the run are possible causes.',
  });
}

/** A session that the queue does not know (any more). */
export function sessionGone({ node, pipeline, runId }: QueueSession): DistributedError {
  return new DistributedError({
    code: 'QUEUE_SESSION_GONE',
    message: `Node ${node} has no session in run ${runId} of ${pipeline} any more: it left, or the run was pruned.`,
    remedy: 'Keep runs for longer than a run takes: raise the age given to "db prune".',
  });
}
