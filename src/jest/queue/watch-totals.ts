/**
 * The total of files in Jest's summary, where no reporter of ours is: a node of a queue cannot say before its run how many
 * files it will get, and Jest would say "7 passed, 7 of 13 total" where 7 are all of this node.
 *
 * Jest hands its results to reporters alone, so one that does nothing else is added to the scheduler that is about to run.
 */

import { lendTotals } from '../channels/queue-run';
import type { JestAggregatedResult } from '../host/jest-types';
import type { JestHost } from '../host/resolve-jest';

interface Scheduler {
  addReporter(reporter: object): void;
  scheduleTests(...args: unknown[]): Promise<unknown>;
}

interface CoreModule {
  readonly createTestScheduler?: (globalConfig: object, context: object) => Promise<Scheduler>;
}

const watchedKey = Symbol.for('jest-distributed.totals-watched');

/** To be called before Jest schedules the tests; does nothing a second time, nor where Jest is built in another way. */
export async function watchTotals(host: JestHost): Promise<void> {
  const { createTestScheduler } = host.load<CoreModule>('@jest/core');
  // The class is not exported; one without reporters gives its prototype.
  const scheduler = await createTestScheduler?.({ reporters: [], collectCoverage: false, notify: false }, {});
  const prototype = Object.getPrototypeOf(scheduler ?? {}) as Partial<Scheduler> & { [watchedKey]?: boolean };
  const { scheduleTests } = prototype;
  if (typeof scheduleTests !== 'function' || Object.hasOwn(prototype, watchedKey)) return;
  Object.defineProperty(prototype, watchedKey, { value: true });
  prototype.scheduleTests = function (this: Scheduler, ...args) {
    this.addReporter({ onRunStart: (results: JestAggregatedResult) => lendTotals(results) });
    return scheduleTests.apply(this, args);
  };
}
