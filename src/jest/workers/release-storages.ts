/**
 * Gives back what jest-circus leaves in Node.js after each test file.
 *
 * Since Jest 30.5 every file makes an `AsyncLocalStorage` of its own and nothing disables it. Before version 24, Node.js
 * asks each of them at each promise and timer of the process, so every file makes all later ones slower: of 800 files in
 * one process the last 200 took twice the time of the first.
 * https://nodejs.org/docs/latest-v22.x/api/async_context.html#asynclocalstoragedisable
 */
import { createRequire } from 'node:module';

type AsyncHooks = typeof import('node:async_hooks');
type TestRunner = (...args: readonly unknown[]) => Promise<unknown>;

/** From this version on a storage that nobody uses costs nothing. */
const FREE_SINCE_NODE = 24;

/** Test files get this very object, and not a copy of it. */
const asyncHooks = createRequire(__filename)('node:async_hooks') as AsyncHooks;

const wrapped = new WeakSet<TestRunner>();

/** Calls `load`, and tells of each storage that is made meanwhile; both at once, so that no other code makes one. */
function watchStorages<Result>(load: () => Result, onMade: (storage: { disable(): void }) => void): Result {
  const before = Object.getOwnPropertyDescriptor(asyncHooks, 'AsyncLocalStorage');
  if (before?.configurable !== true) return load();
  const Original = asyncHooks.AsyncLocalStorage;
  class WatchedStorage<T> extends Original<T> {
    constructor(...options: ConstructorParameters<typeof Original<T>>) {
      super(...options);
      onMade(this);
    }
  }
  // Node.js 22 has an accessor there.
  const { enumerable = true } = before;
  Object.defineProperty(asyncHooks, 'AsyncLocalStorage', { configurable: true, enumerable, value: WatchedStorage });
  try {
    return load();
  } finally {
    Object.defineProperty(asyncHooks, 'AsyncLocalStorage', before);
  }
}

/** jest-circus loads itself for a file before it first waits for something. */
function releasing(run: TestRunner): TestRunner {
  // No `await`: an async function that waits for the tests would stand in the stack trace of all that fails in them.
  return (...args) => {
    const made: { disable(): void }[] = [];
    const release = () => {
      for (const storage of made) storage.disable();
    };
    return watchStorages(
      () => run(...args),
      (storage) => made.push(storage),
    ).finally(release);
  };
}

/**
 * To be called in each process that runs test files, before the first of them; a second call changes nothing.
 *
 * @param circusRunner absolute path of what the project's Jest loads as `jest-circus/runner`.
 */
export function releaseStorages(circusRunner: string): void {
  if (Number.parseInt(process.versions.node, 10) >= FREE_SINCE_NODE) return;
  const exported = require(circusRunner) as { default?: TestRunner };
  const run = exported.default;
  if (typeof run !== 'function' || wrapped.has(run)) return;
  exported.default = releasing(run);
  wrapped.add(exported.default);
}
