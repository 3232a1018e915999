/**
 * What Jest's workers load instead of jest-runner's own worker module, and that module behind it.
 *
 * A worker gets nothing else of ours: what comes with a file is a project config, which must stay as it is.
 */
import { releaseStorages } from './release-storages';

interface TestWorkerModule {
  setup(...args: readonly unknown[]): unknown;
  worker(...args: readonly unknown[]): unknown;
}

/** What the main process tells each worker first. Absolute paths, of the project's own Jest. */
export interface WorkerModules {
  readonly testWorker: string;
  readonly circusRunner: string | undefined;
}

/** This module, for a worker pool. */
export const TEST_WORKER = __filename;

let own: TestWorkerModule | undefined;

/** Called once, before all files. */
export function setup(modules: WorkerModules, ...args: readonly unknown[]): unknown {
  releaseStorages(modules.circusRunner);
  own = require(modules.testWorker) as TestWorkerModule;
  return own.setup(...args);
}

/** Called for each file. */
export const worker = (...args: readonly unknown[]): unknown => (own as TestWorkerModule).worker(...args);
