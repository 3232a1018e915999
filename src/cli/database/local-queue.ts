/** The queue of the nodes that this process starts: its own, or that of a database. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { QueueNodeRecord } from '../../blob/blob';
import { shownPath } from '../../files/folders';
import { variableName } from '../../jest/channels/environment';
import { toEnvironment } from '../../options/environment';
import type { Options } from '../../options/resolve';
import { hasPglite } from '../../postgres/client/pglite-client';
import { databaseTarget } from '../../postgres/database-target';
import { openQueue } from '../../postgres/queue-target';
import { serveQueue } from '../../postgres/socket/server';
import { createMemoryQueue } from '../../queue/memory-queue';
import type { Queue } from '../../queue/queue';

export interface LocalQueue {
  readonly queue: Queue;
  /** Where this process serves it; undefined where the nodes ask a database by themselves. */
  readonly socketPath?: string;
  /** Variables that let a node find it. */
  readonly variables: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
}

/** Lets the nodes that this process starts reach a queue; closing closes the queue too. */
export async function serveLocally(queue: Queue): Promise<LocalQueue> {
  // Only this user may enter it: who can connect can claim. The path of a socket may have about 100 characters.
  const folder = await mkdtemp(path.join(tmpdir(), 'jdq-'));
  const isWindows = process.platform === 'win32';
  const socketPath = isWindows ? `\\\\.\\pipe\\${path.basename(folder)}` : path.join(folder, 'queue');
  const owner = await serveQueue(queue, socketPath);
  return {
    queue,
    socketPath,
    variables: { [variableName('QUEUE_SOCKET')]: socketPath },
    close: async () => {
      await owner.close();
      await queue.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface RunQueue extends LocalQueue {
  /** Id of the run, new every time: a queue that is kept remembers the others. */
  readonly runId: string;
  readonly served: QueueNodeRecord['served'];
}

/** Where the queue of `run --local --queue` is kept between runs, in the project folder. */
export const LOCAL_QUEUE_PATH = path.join('.jest-distributed', 'queue');

/** What a person should know of where the queue will be, or null. */
export function localQueueNotice(projectDir: string, { databaseUrl }: Options): string | null {
  if (databaseUrl !== undefined) return null;
  if (!hasPglite()) return 'the queue is in memory; to keep a history, install @electric-sql/pglite';
  const folder = path.join(projectDir, LOCAL_QUEUE_PATH);
  if (existsSync(path.join(folder, 'PG_VERSION'))) return null;
  return `creating a database for the queue in ${shownPath(folder)}; this takes a few seconds, once`;
}

/** PGlite where it is installed, which keeps the history of all runs; else a queue in memory. */
async function openOwnQueue(projectDir: string): Promise<Queue> {
  if (!hasPglite())
    return createMemoryQueue({ now: () => performance.now(), toEpochMs: (ms) => performance.timeOrigin + ms });
  return (await import('../../postgres/open-queue.js')).openPgliteQueue(path.join(projectDir, LOCAL_QUEUE_PATH));
}

/** @param watch gets the queue before anybody else; then this process serves it, whoever keeps it. */
async function useDatabase(options: Options, watch?: Watch): Promise<LocalQueue | undefined> {
  const target = databaseTarget(options);
  if (target === null) return undefined;
  const { databaseUrl } = options;
  const queue = await openQueue(target);
  if (watch !== undefined) return serveLocally(watch(queue));
  return { queue, variables: toEnvironment({ databaseUrl }), close: () => queue.close() };
}

type Watch = (queue: Queue) => Queue;

/**
 * The queue of a `run --local`: the database's where one is named, else one of its own.
 *
 * @param watch see above; absent where nodes may ask a database by themselves.
 */
export async function openRunQueue(projectDir: string, options: Options, watch?: Watch): Promise<RunQueue> {
  const database = await useDatabase(options, watch);
  const own = async () => {
    const queue = await openOwnQueue(projectDir);
    return serveLocally(watch?.(queue) ?? queue);
  };
  const local = database ?? (await own());
  const { databaseSchema, maxRetries, leaseSeconds, label } = options;
  return {
    ...local,
    // Nodes get no variable of this process but these.
    variables: { ...local.variables, ...toEnvironment({ databaseSchema, maxRetries, leaseSeconds, label }) },
    runId: `local-${new Date().toISOString().replace(/[:.]/g, '-')}`,
    served: local.socketPath === undefined ? 'database' : 'process',
  };
}
