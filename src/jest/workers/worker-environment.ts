/**
 * Gives each of Jest's workers variables of its own.
 *
 * Jest gives a worker nothing but its number, and what it gets with a file is a project config: a part of the
 * transform cache's key, which must be the same everywhere. So the variables go where Jest takes a worker's environment
 * from, `process.env` of the main process, while that worker is being started; and again where it is started anew.
 */
import { createRequire } from 'node:module';
import { channel, channelSymbol } from '../channels/channel';
import type { ResolvedJest } from '../host/resolve-jest';
import { TEST_WORKER, type WorkerModules } from './test-worker';

/** Variables of a worker. @param worker 1-based, as `JEST_WORKER_ID`. */
export type WorkerEnvironment = (worker: number) => Readonly<Record<string, string>>;

/** A worker that is a process of its own. */
export interface WorkerProcess {
  readonly pid?: number;
  readonly exitCode: number | null;
  kill(signal: NodeJS.Signals): unknown;
}

/** Child process or thread; both are started in `initialize`. */
interface PoolWorker {
  initialize(): void;
  /** Of a child process; of a thread there is none. */
  readonly _child?: WorkerProcess;
}

interface WorkerPool {
  readonly _workerPath?: string;
  createWorker(options: {
    readonly workerId: number;
    readonly workerPath: string;
    readonly setupArgs?: readonly unknown[];
  }): PoolWorker;
  /** @param request kind, whether it has ended, name of a method, its arguments. */
  send(
    workerId: number,
    request: readonly unknown[],
    onStart: unknown,
    onEnd: (...results: readonly unknown[]) => void,
    ...rest: readonly unknown[]
  ): void;
}

interface WorkerModule {
  readonly Worker: new (
    workerPath: string,
    options: { readonly numWorkers: number; readonly exposedMethods: readonly string[] },
  ) => { readonly _workerPool?: WorkerPool };
}

interface Shared {
  environmentOf: WorkerEnvironment;
  onStart: ((child: WorkerProcess) => void) | undefined;
}

/** Who ran a file. */
export interface WorkerPlace {
  /** 1-based. */
  readonly worker: number;
  /** Which process of that worker, from 1: one that is started anew knows nothing of what ran before. */
  readonly process: number;
}

const workersOfFiles = channel('workers-of-files', () => new Map<string, WorkerPlace>());

/** How many processes each worker (1-based) has had. */
const processes = new Map<number, number>();

/**
 * Which worker was last given a test file, by absolute path; undefined where no worker was, as in band. Of a file that
 * several projects have at one time it may be that of another.
 */
export const workerOfFile = (testPath: string): WorkerPlace | undefined => workersOfFiles.read().get(testPath);

const current = channel<Shared | undefined>('worker-environment', () => undefined);
// Two copies of this package may be in one process, with one Jest.
const patchedKey: unique symbol = channelSymbol('worker-pool') as never;

/** Of `jest-runner`: what else uses worker pools in this process (file maps, coverage, a bundler under test) runs no tests. */
const JESTS_TEST_WORKER = /[\\/]jest-runner[\\/]build[\\/]testWorker\.js$/;

/** Sets variables while something is started that takes a copy of them. */
function during<Result>(variables: Readonly<Record<string, string>>, start: () => Result): Result {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  try {
    return start();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

/** The prototype of Jest's pools, which no version exports: an empty pool has it and starts nothing. */
function poolPrototype(host: ResolvedJest): (WorkerPool & { [patchedKey]?: boolean }) | undefined {
  const runner = createRequire(host.resolve('jest-runner'));
  const file = runner.resolve('jest-worker');
  const { Worker } = runner(file) as WorkerModule;
  const { _workerPool: pool } = new Worker(file, { numWorkers: 0, exposedMethods: [] });
  return pool === undefined ? undefined : Object.getPrototypeOf(pool);
}

/**
 * To be called before Jest starts its workers; a second call replaces what the first one set.
 *
 * @param onStart is given every worker that is a process.
 * @returns false where this Jest starts its workers in a way that we do not know.
 */
export function setWorkerEnvironment(
  host: ResolvedJest,
  environmentOf: WorkerEnvironment,
  onStart?: (child: WorkerProcess) => void,
): boolean {
  current.publish({ environmentOf, onStart });
  workersOfFiles.publish(new Map());
  processes.clear();
  const prototype = poolPrototype(host);
  if (typeof prototype?.createWorker !== 'function' || typeof prototype.send !== 'function') return false;
  if (Object.hasOwn(prototype, patchedKey)) return true;
  const { createWorker } = prototype;
  const circusRunner = host.circusRunner();
  Object.defineProperty(prototype, patchedKey, { value: true });
  const { send } = prototype;
  prototype.send = function (this: WorkerPool, workerId, request, onStart, onEnd, ...rest) {
    const [argument] = Array.isArray(request[3]) ? (request[3] as { readonly path?: unknown }[]) : [];
    const testPath = JESTS_TEST_WORKER.test(this._workerPath ?? '') ? argument?.path : undefined;
    if (typeof testPath !== 'string') return send.call(this, workerId, request, onStart, onEnd, ...rest);
    const worker = workerId + 1;
    const note = () => workersOfFiles.read().set(testPath, { worker, process: processes.get(worker) ?? 1 });
    note();
    // A process that is over its memory limit is replaced when it has the next file already, which is then sent again.
    const end: typeof onEnd = (...results) => {
      note();
      onEnd(...results);
    };
    return send.call(this, workerId, request, onStart, end, ...rest);
  };
  prototype.createWorker = function (this: WorkerPool, options) {
    if (!JESTS_TEST_WORKER.test(options.workerPath)) return createWorker.call(this, options);
    const number = options.workerId + 1;
    const variables = () => current.read()?.environmentOf(number) ?? {};
    const countProcess = () => processes.set(number, (processes.get(number) ?? 0) + 1);
    countProcess();
    const modules: WorkerModules = { testWorker: options.workerPath, circusRunner };
    const own = { ...options, workerPath: TEST_WORKER, setupArgs: [modules, ...(options.setupArgs ?? [])] };
    const worker = during(variables(), () => createWorker.call(this, own));
    const tell = () => {
      if (worker._child !== undefined) current.read()?.onStart?.(worker._child);
    };
    tell();
    const { initialize } = worker;
    worker.initialize = function () {
      countProcess();
      during(variables(), () => initialize.call(this));
      tell();
    };
    return worker;
  };
  return true;
}
