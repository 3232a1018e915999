import { DistributedError } from '../errors';
import type { QueueSession } from './queue';

/** A session that the queue does not know (any more). */
export function sessionGone({ node, suite, build }: QueueSession): DistributedError {
  return new DistributedError({
    code: 'QUEUE_SESSION_GONE',
    message: `Node ${node} has no session in build ${build} of ${suite} any more: it left, or the build was pruned.`,
    remedy: 'Keep builds for longer than a run takes: raise the age given to "jest-distributed db prune".',
  });
}
