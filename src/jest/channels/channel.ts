/**
 * Parts that Jest loads by themselves (sequencer, reporter, runner, test runner) live in one process, but Jest gives them
 * no way to meet, and each may come from another copy of this package. What they share lies on `globalThis`, under a
 * `Symbol.for` with a name of this list; type, writers and readers are in the room that owns it.
 */
const CHANNELS = {
  environment: 'variables of ours that this process was started with',
  'for-workers': 'names of the variables that this process has set for its workers',
  flags: 'flags given to `jest-distributed run`, for the session',
  session: 'settings and identity of this process, for everybody',
  searches: 'configs that Jest 29 shows only while it searches, for the sequencer',
  'searches-watched': 'on SearchSource.prototype: it is watched',
  'file-total': "the total of files in Jest's summary, lent by a reporter to the runner",
  'file-total-watched': 'on the prototype of TestScheduler: it lends its total',
  'slot-block': 'slots that this process holds, through all runs of a watch mode',
  'node-setups': 'what hooks of this node gave, through all runs of a watch mode',
  'teardown-failures': 'of hooks and fixtures, for the reasons of the exit code',
  'own-problems': 'of quarantine and burn-in, for the reasons of the exit code',
  'workers-of-files': 'which worker was given a test file, for the recorder',
  'worker-environment': 'variables of each worker, from the sequencer to where Jest starts one',
  'worker-pool': "on the prototype of Jest's WorkerPool: it gives workers these variables",
  'run-state': 'what runs here and why: from the sequencer to reporter and runner',
  'coverage-threshold': "the project's coverageThreshold, from the wiring to the blob",
  'jest-outcome': 'how Jest ended, from `jest-distributed run` to the blob',
  'absent-files': 'listener of the reporter for files that other reporters do not see',
  'held-starts': 'when such files began, from the runner to the recorder',
  part: 'on a project config: the part of a file that a Test stands for',
  'test-runner-selects': 'on the global of a sandbox: the set-up file has nothing to do',
  'queue-run': 'how the queue run of this node stands, from the runner to the reporter',
  'queue-item-runs': 'which execution a Test has its result from, from the runner to the recorder',
  'queue-item-tries': 'listener of the reporter for executions that do not count',
  'kept-results': 'makes the lines that the database keeps, from the reporter to the runner',
  probe: 'files of a probe in their order, from its process to the sequencer',
  'rerun-tests': 'tests that `--failed-of` runs again, from its command to the reporter',
  replay: 'what merge replays, from its process to sequencer and runner',
  'replay-file': 'on a Test: the file of the replay that it stands for',
} as const;

export type ChannelName = keyof typeof CHANNELS;

/** For what is noted on an object of Jest's. `jest-distributed/setup`, which loads nothing, spells out its own. */
export const channelSymbol = (name: ChannelName): symbol => Symbol.for(`jest-distributed.${name}`);

export interface Channel<T> {
  read(): T;
  publish(value: T): void;
}

/** @param initial what is read before anybody has published. */
export function channel<T>(name: ChannelName, initial: () => T): Channel<T> {
  const key = channelSymbol(name);
  const shared = globalThis as unknown as Record<symbol, T>;
  return {
    read() {
      if (!(key in shared)) shared[key] = initial();
      return shared[key] as T;
    },
    publish(value) {
      shared[key] = value;
    },
  };
}
