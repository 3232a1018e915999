/**
 * A node of `run --local` ends with its parent, and when its tests have ended.
 */
import { Worker } from 'node:worker_threads';
import { isLocalNode, openProgress, parentDescriptor } from '../channels/progress';
import type { JestGlobalConfig } from '../host/jest-types';

/** What a process gets to end by itself after Jest is through; Jest's own warning comes after one second. */
const OPEN_HANDLE_MS = 3_000;

/** Ends this process and its workers as soon as the parent is gone, also while a test blocks the main thread. */
export function endWithParent(): void {
  const fd = parentDescriptor();
  if (fd === null) return;
  const thread = new Worker(require.resolve('./parent-watch'), {
    workerData: fd,
    name: 'jest-distributed parent watch',
    // What the project loads into every process (`--require`) is not for this one.
    execArgv: [],
    env: {},
  });
  // Without it a parent that is killed leaves nodes behind, and nothing else is amiss.
  thread.on('error', () => undefined);
  thread.unref();
}

/**
 * To be called when Jest is through: ends the process, with the exit code that the tests led to, where something that a
 * test left open would keep it. A node of its own machine stays, as Jest does, until its CI or its owner ends it.
 */
export function endAfterTests(): void {
  if (!isLocalNode()) return;
  const send = openProgress();
  send({ kind: 'jest-end' });
  setTimeout(() => {
    send({ kind: 'left-open' });
    // Jest sets the exit code in a listener for 'exit'.
    process.exit();
  }, OPEN_HANDLE_MS).unref();
}

const nameOf = (entry: string | readonly [string, Record<string, unknown>?]): string =>
  typeof entry === 'string' ? entry : entry[0];

/** Reporters of Jest itself: what they print of a part of the run, the replay prints of the whole. */
const JEST_REPORTERS = new Set(['default', 'verbose', 'summary', 'github-actions', 'agent']);

/**
 * Leaves in a local node's output only what the replay cannot print again: what tests and Jest itself write, and what
 * reporters of the project print.
 */
export function localNodeSettings<T extends JestGlobalConfig>(globalConfig: T): T {
  if (!isLocalNode()) return globalConfig;
  const { reporters, verbose = false } = globalConfig;
  return {
    ...globalConfig,
    reporters: (reporters ?? []).filter((entry) => !JEST_REPORTERS.has(nameOf(entry))),
    // Unset, Jest makes it true for a list of one file, whose consoles would then be in no blob.
    verbose,
    json: false,
    outputFile: undefined,
    notify: false,
  };
}
