/**
 * The total of files in Jest's summary. Jest counts what it found before it runs; where other nodes run some of it (a
 * queue, a file of which no test is this node's) the total is corrected, or Jest would say "7 passed, 7 of 13 total" where
 * 7 are all of this node.
 *
 * Jest hands its results to reporters alone. Ours lends them; where it is not in use, a reporter that does nothing else is
 * added to the scheduler that is about to run.
 */
import { channel, channelSymbol } from '../channels/channel';
import type { JestAggregatedResult } from './jest-types';
import type { ResolvedJest } from './resolve-jest';

interface Totals {
  numTotalTestSuites: number;
}

/** `owed` is taken off in the end where nobody lent the results. */
const total = channel('file-total', () => ({ lent: undefined as Totals | undefined, owed: 0 }));

/** For a reporter's `onRunStart`: from then on the runner corrects the total of files. */
export function lendTotals(results: Totals): void {
  total.read().lent = results;
}

/** Whether a reporter of ours is in use. */
export const hasReporter = (): boolean => total.read().lent !== undefined;

/** Takes files off the total that other nodes ran; where no reporter lent it, {@link settleTotal} does so in the end. */
export function reduceTotal(files: number): void {
  const current = total.read();
  if (current.lent === undefined) current.owed += files;
  else current.lent.numTotalTestSuites -= files;
}

/** For a sequencer's `cacheResults`, the last to get the results before Jest writes its `--json`. */
export function settleTotal(results: Totals): void {
  const current = total.read();
  results.numTotalTestSuites -= current.owed;
  current.owed = 0;
}

interface Scheduler {
  addReporter(reporter: object): void;
  scheduleTests(...args: unknown[]): Promise<unknown>;
}

interface CoreModule {
  readonly createTestScheduler?: (globalConfig: object, context: object) => Promise<Scheduler>;
}

const watched = channelSymbol('file-total-watched');

/** To be called before Jest schedules the tests; does nothing a second time, nor where Jest is built in another way. */
export async function watchTotals(host: ResolvedJest): Promise<void> {
  const { createTestScheduler } = host.load<CoreModule>('@jest/core');
  // The class is not exported; one without reporters gives its prototype.
  const scheduler = await createTestScheduler?.({ reporters: [], collectCoverage: false, notify: false }, {});
  const prototype = Object.getPrototypeOf(scheduler ?? {}) as Partial<Scheduler>;
  const { scheduleTests } = prototype;
  if (typeof scheduleTests !== 'function' || Object.hasOwn(prototype, watched)) return;
  Object.defineProperty(prototype, watched, { value: true });
  prototype.scheduleTests = function (this: Scheduler, ...args) {
    this.addReporter({ onRunStart: (results: JestAggregatedResult) => lendTotals(results) });
    return scheduleTests.apply(this, args);
  };
}
