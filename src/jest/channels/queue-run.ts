/**
 * What the runner tells the reporter, and the totals that the reporter lends the runner.
 *
 * Both live in Jest's main process and Jest gives them no way to meet, so the state lies on `globalThis`, as in
 * run-state.ts.
 */
import type { JestTest, JestTestResult } from '../host/jest-types';

/** How a queue run stands on this node; numbers of items. */
export interface QueueRun {
  readonly node: string;
  readonly build: string;
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
  /** The build is finished: every item of all nodes has an accepted result. */
  readonly finished: boolean;
  readonly cancelledBy: string | null;
}

/** Which run of an item a Test's result is from. */
export interface ItemRun {
  readonly round: number;
  readonly attempt: number;
  readonly part: string | null;
  /** This process tells of it, but another process of this node's name ran it. */
  readonly inherited: boolean;
}

const itemsKey = Symbol.for('jest-distributed.queue-item-runs');
const runKey = Symbol.for('jest-distributed.queue-run');
const totalsKey = Symbol.for('jest-distributed.queue-totals');
const tryKey = Symbol.for('jest-distributed.queue-item-tries');
const owedKey = Symbol.for('jest-distributed.owed-total');
const shared = globalThis as unknown as Record<symbol, unknown>;

export function publishQueueRun(run: QueueRun): void {
  shared[runKey] = run;
}

function itemRuns(): WeakMap<object, ItemRun> {
  shared[itemsKey] ??= new WeakMap();
  return shared[itemsKey] as WeakMap<object, ItemRun>;
}

/** To be called before a reporter hears of the Test's result. */
export function noteItemRun(test: object, run: ItemRun): void {
  itemRuns().set(test, run);
}

/** An execution whose result is not this node's to report. */
export interface ItemTry extends Omit<ItemRun, 'inherited'> {
  readonly verdict: 'retried' | 'superseded';
  readonly outcome: 'passed' | 'failed';
}

type TryListener = (test: JestTest, result: JestTestResult, tried: ItemTry) => void;

/** For our reporter, whose blob holds every try; without it nobody is told. */
export function onItemTry(listener: TryListener): void {
  shared[tryKey] = listener;
}

/** @param result what Jest's reporters would have heard. */
export const tellItemTry: TryListener = (test, result, tried) => {
  (shared[tryKey] as TryListener | undefined)?.(test, result, tried);
};

/** Undefined where the result is not of a queue. */
export function readItemRun(test: object): ItemRun | undefined {
  return itemRuns().get(test);
}

/** The state of the queue run in this process, or undefined where none is going on. */
export function readQueueRun(): QueueRun | undefined {
  return shared[runKey] as QueueRun | undefined;
}

interface Totals {
  numTotalTestSuites: number;
}

/** For a reporter's `onRunStart`: from then on the runner corrects the total of files, which Jest counts before it runs. */
export function lendTotals(results: Totals): void {
  shared[totalsKey] = results;
}

/** Whether a reporter of ours tells people how the run went. */
export const hasReporter = (): boolean => shared[totalsKey] !== undefined;

/** Takes files off the total that other nodes ran; where no reporter lent it, {@link settleTotal} does so in the end. */
export function reduceTotal(files: number): void {
  const totals = shared[totalsKey] as Totals | undefined;
  if (totals !== undefined) totals.numTotalTestSuites -= files;
  else shared[owedKey] = ((shared[owedKey] as number | undefined) ?? 0) + files;
}

/** For a sequencer's `cacheResults`, the last that hears of the results before Jest writes its `--json`. */
export function settleTotal(results: Totals): void {
  results.numTotalTestSuites -= (shared[owedKey] as number | undefined) ?? 0;
  shared[owedKey] = 0;
}
