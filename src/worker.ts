/**
 * `jest-distributed/worker`: who this worker of Jest is, among all that run on this host and in this run.
 *
 * Works wherever test code runs: in tests, set-up files, test environments, `globalSetup` and hooks; on a node of a run,
 * and under plain Jest, which is then the only node.
 *
 * @example
 * const { worker } = require('jest-distributed/worker');
 *
 * const port = 4000 + worker.slot; // no other worker on this host has it
 * const database = `test_${worker.run}_${worker.name}`; // no other worker of any node has it
 */
import type { DistributedError } from './errors';
import { workerName } from './workers/names';
import {
  POSITION_VARIABLE,
  RUN_VARIABLE,
  readPosition,
  SLOT_VARIABLE,
  SLOTS_VARIABLE,
  WORKER_VARIABLE,
} from './workers/node-workers';

/** Who a worker is. Every value is read from the environment when it is asked for. */
export interface Worker {
  /**
   * A number from 0 that no other worker on this host has, of whatever node, run, checkout or user, as long as the
   * worker's node lives. For ports and the numbers of Redis databases.
   *
   * Under plain Jest: `JEST_WORKER_ID` - 1.
   */
  readonly slot: number;
  /** The slots of all workers of this node, `globalSetup`'s share: its process has the first of them. */
  readonly slots: readonly number[];
  /**
   * Such as `n2w1`: no other worker of this run has it, and a re-run of the node has it again. Letters, digits and `_`.
   *
   * Under plain Jest: `n1w1`, with the number of the worker.
   */
  readonly name: string;
  /** Number of the worker on its node, from 1, as `JEST_WORKER_ID`. */
  readonly number: number;
  /** Number of this node, from 1. */
  readonly node: number;
  /** Number of nodes of this run. */
  readonly nodes: number;
  /**
   * The run as an identifier of at most 40 characters `[a-z0-9_]`, equal on all nodes and different for any two runs.
   *
   * Under plain Jest: `local`.
   */
  readonly run: string;
}

const read = (variable: string): string | undefined => process.env[variable] || undefined;

const position = () => readPosition(process.env);

/** A worker whose host could give it no slot: with the number of another its port would be another's. */
function noSlot(): DistributedError {
  // Every test file that asks who it is loads this module anew.
  const errors = require('./errors') as typeof import('./errors');
  return new errors.DistributedError({
    code: 'SLOT_UNAVAILABLE',
    message: 'This worker has no slot: no folder was found in which this host could record the slots in use.',
    remedy: 'Set JEST_DISTRIBUTED_SLOT_DIR (--slot-dir) to a folder that all users of this host can write to.',
  });
}

/** {@link Worker} of the process that asks. */
export const worker: Worker = {
  get slot() {
    const slot = read(SLOT_VARIABLE);
    if (slot !== undefined) return Number(slot);
    if (read(POSITION_VARIABLE) !== undefined) throw noSlot();
    return position().worker - 1;
  },
  get slots() {
    const [first, last] = read(SLOTS_VARIABLE)?.split('-').map(Number) ?? [worker.slot, worker.slot];
    return Array.from({ length: (last as number) - (first as number) + 1 }, (_, index) => (first as number) + index);
  },
  get name() {
    return read(WORKER_VARIABLE) ?? workerName(1, position().worker);
  },
  get number() {
    return position().worker;
  },
  get node() {
    return position().node;
  },
  get nodes() {
    return position().nodes;
  },
  get run() {
    return read(RUN_VARIABLE) ?? 'local';
  },
};

export type { Fixture, FixtureContext, FixtureDefinition } from './setups/fixture';
export { defineFixture, useFixture } from './setups/use-fixture';
