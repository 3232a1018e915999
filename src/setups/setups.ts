/**
 * All that one node (or one whole run) has set up: hooks and fixtures, each once, and their teardowns.
 */

import { failureOf } from './failure';
import { fillIdentity } from './identity-context';
import { type FixtureScope, openJournal, readJournal, type SetupEntry, type SetupKey } from './journal';
import type { Failure, HookVariables } from './protocol';
import { type FixtureCall, setUpFixture, tearDownFixture } from './run-fixture';
import { type HookCall, runHook } from './run-hook';
import type { SetupSpec } from './setup-spec';

type Variables = Readonly<Record<string, string>>;

export interface Setups {
  readonly begin: () => Promise<HookVariables>;
  /** @throws DistributedError for each who asks, where the set-up failed. */
  readonly fixture: (file: string, scope: FixtureScope, worker: number) => Promise<unknown>;
  /** Tears down everything, last first. What fails stays in the journal. */
  readonly end: () => Promise<readonly Failure[]>;
}

/** Goes on with what the journal of the folder says, if anything. */
export function openSetups(spec: SetupSpec): Setups {
  const { folder, hooks, limitMs, cwd, workers } = spec;
  const past = readJournal(folder);
  const journal = openJournal(folder, past.lastId);
  /** In the order in which they were ready: the last is torn down first, and those that never were before all. */
  const open = new Map<number, SetupEntry>(past.open);
  const fixtures = new Map<string, Promise<unknown>>();
  const { nodeContext, workerContext, fixtureContext, workerEnvironment } = fillIdentity(spec);

  async function setUp<Value>(key: SetupKey, work: () => Promise<Value>): Promise<Value> {
    const id = journal.begin(key);
    open.set(id, { key, done: null });
    const value = await work();
    journal.finish(id, value);
    open.delete(id);
    open.set(id, { key, done: { value } });
    return value;
  }

  const call = (
    name: HookCall['name'],
    of: string,
    context: object,
    environment: Variables,
  ): Promise<Variables> | undefined => {
    const hook = hooks[name];
    return (
      hook &&
      runHook({ name, hook, of, context, environment, cwd, limitMs, folder, id: `${name}-${of}`.replace(/\W/g, '_') })
    );
  };
  const node = `node ${workers.node}`;
  const nameOf = (worker: number) => `worker ${worker} of node ${workers.node}`;

  const variablesOf = (matches: (key: SetupKey) => boolean): Variables => {
    const entry = [...open.values()].find(({ key }) => matches(key));
    return (entry?.done?.value ?? {}) as Variables;
  };
  const nodeVariables = () => variablesOf(({ kind }) => kind === 'node-hook');

  async function beginWorker(worker: number, given: Variables): Promise<Variables> {
    if (hooks.workerSetup === undefined && hooks.workerTeardown === undefined) return {};
    const environment = { ...workerEnvironment(worker), ...given };
    return setUp(
      { kind: 'worker-hook', worker },
      async () =>
        (await call('workerSetup', nameOf(worker), { ...workerContext(worker), variables: given }, environment)) ?? {},
    );
  }

  async function begin(): Promise<HookVariables> {
    const hasNodeHook = hooks.nodeSetup !== undefined || hooks.nodeTeardown !== undefined;
    const given = hasNodeHook
      ? await setUp(
          { kind: 'node-hook' },
          async () => (await call('nodeSetup', node, nodeContext, workerEnvironment(1))) ?? {},
        )
      : {};
    const numbers = Array.from({ length: workers.count }, (_, index) => index + 1);
    const ends = await Promise.allSettled(numbers.map((worker) => beginWorker(worker, given)));
    // All of them have come to their end: one that still ran could set up what nobody tears down.
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return { node: given, workers: ends.map((end) => (end as PromiseFulfilledResult<Variables>).value) };
  }

  function fixtureCall(file: string, scope: FixtureScope, worker: number | null): FixtureCall {
    return { file, scope, folder, limitMs, context: fixtureContext(scope, worker) };
  }

  function fixture(file: string, scope: FixtureScope, worker: number): Promise<unknown> {
    const owner = scope === 'worker' ? worker : null;
    const id = JSON.stringify([scope, file, owner]);
    let value = fixtures.get(id);
    if (value === undefined) {
      value = setUp({ kind: 'fixture', scope, file, worker: owner }, () =>
        setUpFixture(fixtureCall(file, scope, owner)),
      );
      fixtures.set(id, value);
    }
    return value;
  }

  async function tearDown({ key, done }: SetupEntry): Promise<void> {
    const given = (done?.value ?? {}) as Variables;
    switch (key.kind) {
      case 'fixture':
        return tearDownFixture(fixtureCall(key.file, key.scope, key.worker), done?.value);
      case 'worker-hook': {
        const variables = { ...nodeVariables(), ...given };
        const environment = { ...workerEnvironment(key.worker), ...variables };
        await call('workerTeardown', nameOf(key.worker), { ...workerContext(key.worker), variables }, environment);
        return undefined;
      }
      case 'node-hook':
        await call('nodeTeardown', node, { ...nodeContext, variables: given }, { ...workerEnvironment(1), ...given });
    }
  }

  async function end(): Promise<readonly Failure[]> {
    // What is being set up now is waited for: its own time is limited.
    await Promise.allSettled(fixtures.values());
    const failures: Failure[] = [];
    const remove = async ([id, entry]: readonly [number, SetupEntry]) => {
      try {
        await tearDown(entry);
        journal.remove(id);
      } catch (error) {
        failures.push(failureOf(error));
      }
    };
    const ofKind = (kind: SetupKey['kind']) => [...open].filter(([, { key }]) => key.kind === kind).reverse();
    const unready = ofKind('fixture').filter(([, { done }]) => done === null);
    const ready = ofKind('fixture').filter(([, { done }]) => done !== null);
    for (const one of [...unready, ...ready]) await remove(one);
    await Promise.all(ofKind('worker-hook').map(remove));
    for (const one of ofKind('node-hook')) await remove(one);
    return failures;
  }

  return { begin, fixture, end };
}
