/** How the queue run of this node stands: what the runner publishes for the reporter. */
import type { QueueRunRecord } from '../../blob/blob';
import type { QueueEndView } from '../../reports/node/queue-end-lines';
import { channel } from '../channels/channel';
import type { JestTest, JestTestResult } from '../host/jest-types';

/** How a queue run stands on this node. */
export interface QueueRun extends Omit<QueueEndView, 'failed' | 'tests' | 'realMs' | 'flaky'> {
  /** Items that passed here after failures elsewhere (or here). */
  readonly flaky: readonly string[];
  /** Of those, why they failed first, in one line; without those of which the queue does not know it. */
  readonly firstErrors: ReadonlyMap<string, string>;
  /** The attempt that puts back into the queue what did not pass in an earlier process of this node. */
  readonly nextAttempt: number;
}

const currentRun = channel<QueueRun | undefined>('queue-run', () => undefined);

export const publishQueueRun = currentRun.publish;

/** The state of the queue run in this process, or undefined where none is going on. */
export const readQueueRun = currentRun.read;

const itemRuns = channel('queue-item-runs', () => new WeakMap<object, QueueRunRecord>());

/** To be called before a reporter gets the Test's result. */
export function setItemRun(test: object, run: QueueRunRecord): void {
  itemRuns.read().set(test, run);
}

/** Undefined where the result is not of a queue. */
export function itemRunOf(test: object): QueueRunRecord | undefined {
  return itemRuns.read().get(test);
}

/** An execution whose result is not this node's to report. */
export interface ItemTry extends Omit<QueueRunRecord, 'inherited'> {
  readonly decision: 'retried' | 'superseded';
  readonly outcome: 'passed' | 'failed';
}

type TryListener = (test: JestTest, result: JestTestResult, tried: ItemTry) => void;

const tries = channel<TryListener>('queue-item-tries', () => () => undefined);

/** For our reporter, whose blob holds every try. */
export const onItemTry = tries.publish;

/** @param result what Jest's reporters would have got. */
export const reportItemTry: TryListener = (test, result, tried) => tries.read()(test, result, tried);
