/** How the queue run of this node stands: what the runner publishes for the reporter. */
import { channel } from '../channels/channel';
import type { JestTest, JestTestResult } from '../host/jest-types';

/** How a queue run stands on this node; numbers of items. */
export interface QueueRun {
  readonly node: string;
  readonly runId: string;
  /** Files that Jest found: what all nodes share. */
  readonly found: number;
  /** Results of this node that were accepted, and so are in its reports. */
  readonly accepted: number;
  /** Of those, parts of split files that ran here. */
  readonly acceptedParts: number;
  /** Of those, what ran in an earlier process of this node and did not pass. */
  readonly inherited: readonly string[];
  /** Items that failed here and were sent to another node; not in this node's reports. */
  readonly retried: readonly string[];
  /** Items that ran here while another node's result was accepted; not in this node's reports. */
  readonly superseded: readonly string[];
  /** Items that passed here after failures elsewhere (or here). */
  readonly flaky: readonly string[];
  /** Of those, why they failed first, in one line; without those of which the queue does not know it. */
  readonly firstErrors: ReadonlyMap<string, string>;
  /** The run is finished: every item of all nodes has an accepted result. */
  readonly finished: boolean;
  readonly cancelledBy: string | null;
}

/** Which run of an item a Test's result is from. */
export interface ItemRun {
  readonly attempt: number;
  readonly claimNumber: number;
  readonly part: string | null;
  /** This process reports it, but another process of this node's name ran it. */
  readonly inherited: boolean;
}

const currentRun = channel<QueueRun | undefined>('queue-run', () => undefined);

export const publishQueueRun = currentRun.publish;

/** The state of the queue run in this process, or undefined where none is going on. */
export const readQueueRun = currentRun.read;

const itemRuns = channel('queue-item-runs', () => new WeakMap<object, ItemRun>());

/** To be called before a reporter gets the Test's result. */
export function setItemRun(test: object, run: ItemRun): void {
  itemRuns.read().set(test, run);
}

/** Undefined where the result is not of a queue. */
export function itemRunOf(test: object): ItemRun | undefined {
  return itemRuns.read().get(test);
}

/** An execution whose result is not this node's to report. */
export interface ItemTry extends Omit<ItemRun, 'inherited'> {
  readonly decision: 'retried' | 'superseded';
  readonly outcome: 'passed' | 'failed';
}

type TryListener = (test: JestTest, result: JestTestResult, tried: ItemTry) => void;

const tries = channel<TryListener>('queue-item-tries', () => () => undefined);

/** For our reporter, whose blob holds every try. */
export const onItemTry = tries.publish;

/** @param result what Jest's reporters would have got. */
export const reportItemTry: TryListener = (test, result, tried) => tries.read()(test, result, tried);
