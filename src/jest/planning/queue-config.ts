/**
 * Whether this process takes part in a queue, in which, and as whom.
 */
import { hostname } from 'node:os';
import { DistributedError } from '../../errors';
import { readPackageName } from '../../files/package-name';
import { missingRunIdText, type Run } from '../../node/run';
import { databaseTarget } from '../../postgres/database-target';
import type { QueueTarget } from '../../postgres/queue-target';
import { pipelineName } from '../../queue/pipeline';
import { variableName } from '../channels/environment';
import type { Session } from './session';

export interface QueueConfig {
  readonly target: QueueTarget;
  readonly pipeline: string;
  readonly runId: string;
  /** Attempt of the CI job, 1-based. */
  readonly attempt: number;
  /** Name of this node. */
  readonly node: string;
  /** Number of this node (1-based) where there is a fixed number of them, else null. */
  readonly home: number | null;
}

function targetOf({ options, environment }: Pick<Session, 'options' | 'environment'>): QueueTarget | null {
  const socketPath = environment[variableName('QUEUE_SOCKET')];
  if (socketPath) return { kind: 'owner', socketPath };
  return databaseTarget(options);
}

/** Whether files are pulled from a queue, by the settings alone. */
export const isQueued = (session: Pick<Session, 'options' | 'environment'>): boolean => targetOf(session) !== null;

/**
 * This node's place in its queue, or null where there is none.
 *
 * @throws DistributedError `QUEUE_RUN_ID_MISSING`.
 */
export async function readQueueConfig(session: Session): Promise<QueueConfig | null> {
  const target = targetOf(session);
  if (target === null) return null;
  const { identity, options, folders } = session;
  const { run, nodes, number } = identity;
  if (target.kind === 'database' && run.source === 'default') throw runIdMissing(target, run);
  return {
    target,
    // The package of the project folder, as in the job that a blob is of: where Jest's root lies does not matter.
    pipeline: pipelineName({
      packageName: await readPackageName(folders.projectDir),
      label: options.label?.value ?? null,
    }),
    runId: run.id,
    attempt: run.attempt,
    node: options.nodeName?.value ?? (nodes > 1 ? String(number) : hostname()),
    home: nodes > 1 ? number : null,
  };
}

/** With one id for all, tomorrow's run would find today's finished, and run nothing. */
function runIdMissing({ source }: { readonly source: string }, run: Run): DistributedError {
  return new DistributedError({
    code: 'QUEUE_RUN_ID_MISSING',
    message: `${source} asks for a queue, but ${missingRunIdText(run)}.`,
    remedy:
      'Give all nodes of the run the same new --run-id (JEST_DISTRIBUTED_RUN_ID), such as the commit and the time.',
  });
}
