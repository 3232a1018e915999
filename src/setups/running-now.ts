/**
 * For whom the code of hooks and fixtures runs: they share a process, and several run at a time. So `process.env` is a
 * view: whoever runs for a worker sees and sets the variables of that worker, all others those of the process.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { syncBuiltinESMExports } from 'node:module';

/** Variables of one worker above those of the process; undefined is one that was deleted. */
export type OwnVariables = Record<string, string | undefined>;

export interface Running {
  /** The hook or fixture, as the subject of a sentence. */
  readonly what: string;
  /** Null where it runs for the whole node. */
  readonly variables: OwnVariables | null;
  /** Takes an error that nobody caught, as long as its set-up or teardown goes on. */
  onUncaught?: ((error: unknown) => void) | undefined;
  /** Receives one that comes later. */
  readonly onLate?: ((error: unknown) => void) | undefined;
}

const running = new AsyncLocalStorage<Running>();

export const runFor = <Result>(who: Running, work: () => Result): Result => running.run(who, work);

/** Also in the handlers of what nobody caught; undefined where nobody knows whose it is. */
export const runningNow = (): Running | undefined => running.getStore();

/** To be called once, before any code of the project is loaded. */
export function splitEnvironment(): void {
  const shared = process.env;
  const own = (): OwnVariables | null => running.getStore()?.variables ?? null;
  const read = (name: string | symbol): string | undefined => {
    const variables = own();
    return typeof name === 'string' && variables !== null && Object.hasOwn(variables, name)
      ? variables[name]
      : Reflect.get(shared, name);
  };
  const isThere = (name: string | symbol): boolean => {
    const variables = own();
    return typeof name === 'string' && variables !== null && Object.hasOwn(variables, name)
      ? variables[name] !== undefined
      : Reflect.has(shared, name);
  };
  const write = (name: string | symbol, value: unknown): boolean => {
    const variables = own();
    if (typeof name !== 'string' || variables === null) return Reflect.set(shared, name, value);
    variables[name] = String(value);
    return true;
  };
  process.env = new Proxy<NodeJS.ProcessEnv>(
    {},
    {
      get: (_, name) => read(name),
      has: (_, name) => isThere(name),
      set: (_, name, value) => write(name, value),
      defineProperty: (_, name, { value }) => write(name, value),
      deleteProperty: (_, name) => {
        const variables = own();
        if (typeof name !== 'string' || variables === null) return Reflect.deleteProperty(shared, name);
        variables[name] = undefined;
        return true;
      },
      ownKeys: () => [...new Set([...Object.keys(shared), ...Object.keys(own() ?? {})])].filter(isThere),
      getOwnPropertyDescriptor: (_, name) =>
        isThere(name) ? { value: read(name), writable: true, enumerable: true, configurable: true } : undefined,
    },
  );
  // `import { env } from 'node:process'` has it too.
  syncBuiltinESMExports();
}
