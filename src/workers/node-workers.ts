/** The workers of one node, and what each of them finds in its environment. */
import { workerName } from './names';

/** Who the workers of a node are. */
export interface NodeWorkers {
  /** 1-based. */
  readonly node: number;
  readonly nodes: number;
  /** What its workers are named after: its number, or what the queue calls it. */
  readonly nodeName: number | string;
  /** The run as an identifier. */
  readonly run: string;
  /** Slot of worker 1; null where this host gave none. */
  readonly firstSlot: number | null;
  /** Number of workers: slots go up from the first. */
  readonly count: number;
}

/** Variables that people read; a Jest that a test starts may see them, and they are settings of nothing. */
export const SLOT_VARIABLE = 'JEST_DISTRIBUTED_SLOT';
export const SLOTS_VARIABLE = 'JEST_DISTRIBUTED_SLOTS';
export const WORKER_VARIABLE = 'JEST_DISTRIBUTED_WORKER';
export const RUN_VARIABLE = 'JEST_DISTRIBUTED_RUN';
/** What `jest-distributed/worker` needs besides, as JSON. */
export const POSITION_VARIABLE = 'JDIST_INTERNAL_POSITION';

/** The value of {@link POSITION_VARIABLE}. */
export interface WorkerPosition {
  readonly node: number;
  readonly nodes: number;
  /** 1-based, as `JEST_WORKER_ID`. */
  readonly worker: number;
  readonly workers: number;
}

/** Who a process is by its variables; under plain Jest, a worker of the only node. */
export function readPosition(environment: Readonly<Record<string, string | undefined>>): WorkerPosition {
  const value = environment[POSITION_VARIABLE];
  if (value) return JSON.parse(value) as WorkerPosition;
  const own = Number(environment.JEST_WORKER_ID);
  const worker = Number.isSafeInteger(own) && own > 0 ? own : 1;
  return { node: 1, nodes: 1, worker, workers: worker };
}

/** @param worker 1-based, as `JEST_WORKER_ID`. */
export function workerVariables(
  { node, nodes, nodeName, run, firstSlot, count }: NodeWorkers,
  worker: number,
): Readonly<Record<string, string>> {
  const position: WorkerPosition = { node, nodes, worker, workers: count };
  return {
    ...(firstSlot !== null && {
      [SLOT_VARIABLE]: String(firstSlot + worker - 1),
      [SLOTS_VARIABLE]: `${firstSlot}-${firstSlot + count - 1}`,
    }),
    [WORKER_VARIABLE]: workerName(nodeName, worker),
    [RUN_VARIABLE]: run,
    [POSITION_VARIABLE]: JSON.stringify(position),
  };
}
