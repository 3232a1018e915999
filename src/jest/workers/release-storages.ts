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

// Taken when this module is loaded: a test may replace them.
const { AsyncLocalStorage } = asyncHooks;
const { disable } = AsyncLocalStorage.prototype;

/** With what Node.js 20 and 22 note on it: whether it is in use. */
type Storage = InstanceType<typeof AsyncLocalStorage> & { readonly enabled?: boolean };

/**
 * In use from the end of the first file on, as that of jest-circus would be: with none in use Node.js stops following
 * promises, and what a test then enters outside of one stays entered as long as the process lives.
 */
const keeper = new AsyncLocalStorage();

const wrapped = new WeakSet<TestRunner>();

/** Calls `load`, and tells of each storage that is made meanwhile; both at once, so that no other code makes one. */
function watchStorages<Result>(load: () => Result, onMade: (storage: Storage) => void): Result {
  const before = Object.getOwnPropertyDescriptor(asyncHooks, 'AsyncLocalStorage');
  if (before?.configurable !== true || asyncHooks.AsyncLocalStorage !== AsyncLocalStorage) return load();
  class WatchedStorage<T> extends AsyncLocalStorage<T> {
    constructor(...options: ConstructorParameters<typeof AsyncLocalStorage<T>>) {
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
    const made: Storage[] = [];
    const release = () => {
      const used = made.filter(({ enabled }) => enabled);
      if (used.length > 0) keeper.run(null, () => undefined);
      for (const storage of used) disable.call(storage);
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
 * @param circusRunner absolute path of the default test runner of the project's Jest; undefined where it has none.
 */
export function releaseStorages(circusRunner: string | undefined): void {
  if (circusRunner === undefined || Number.parseInt(process.versions.node, 10) >= FREE_SINCE_NODE) return;
  const exported = require(circusRunner) as { default?: TestRunner };
  const run = exported.default;
  if (typeof run !== 'function' || wrapped.has(run)) return;
  exported.default = releasing(run);
  wrapped.add(exported.default);
}
