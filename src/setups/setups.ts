/**
 * All that one node (or one whole run) has set up: hooks and fixtures, each once, and their teardowns.
 */

import { openQueue } from '../postgres/queue-target';
import { errorOf, failureOf, lateFailure } from './failure';
import { fillIdentity } from './identity-context';
import { type FixtureScope, openJournal, readJournal, type SetupEntry, type SetupKey } from './journal';
import type { Failure, HookVariables } from './protocol';
import { type FixtureCall, fixtureSubject, setUpFixture, tearDownFixture } from './run-fixture';
import { checkHook, type HookCall, hookSubject, runHook } from './run-hook';
import { type OwnVariables, runFor } from './running-now';
import type { SetupSpec } from './setup-spec';
import { type FixtureWork, shareFixtures } from './shared-fixtures';

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
  const { folder, hooks, limitMs, cwd, workers, environments, runScope } = spec;
  const past = readJournal(folder);
  const journal = openJournal(folder, past.lastId);
  /** In the order in which they were ready: the last is torn down first, and those that never were before all. */
  const open = new Map<number, SetupEntry>(past.open);
  const fixtures = new Map<string, Promise<unknown>>();
  const shared = runScope.kind === 'queue' ? shareFixtures(spec, openQueue) : null;
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

  /** What hooks and fixtures of a worker see as `process.env`, and what they set there themselves. */
  const ownVariables = new Map<number, OwnVariables>();
  /** @param worker null for the whole node. */
  function asWorker<Result>(
    what: string,
    worker: number | null,
    variables: Variables,
    work: () => Promise<Result>,
    onLate?: (error: unknown) => void,
  ): Promise<Result> {
    if (worker === null) {
      Object.assign(process.env, variables);
      return runFor({ what, variables: null, onLate }, work);
    }
    const own = ownVariables.get(worker) ?? {};
    ownVariables.set(worker, Object.assign(own, variables));
    return runFor({ what, variables: own, onLate }, work);
  }

  /** @param variables besides those that say who it is. @param worker null for the whole node. */
  const call = (
    name: HookCall['name'],
    worker: number | null,
    variables: Variables,
  ): Promise<Variables> | undefined => {
    const hook = hooks[name];
    if (hook === undefined) return undefined;
    const of = worker === null ? node : nameOf(worker);
    const environment = { ...workerEnvironment(worker ?? 1), ...variables };
    const context = {
      ...(worker === null ? nodeContext : workerContext(worker)),
      variables: { ...environments[(worker ?? 1) - 1], ...variables },
    };
    const id = `${name}-${of}`.replace(/\W/g, '_');
    return asWorker(hookSubject({ name, hook, of }), worker, environment, () =>
      runHook({ name, hook, of, context, environment, cwd, limitMs, folder, id }),
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
    return setUp({ kind: 'worker-hook', worker }, async () => (await call('workerSetup', worker, given)) ?? {});
  }

  /** Teardowns too: that one is missing is known before any test, and before anything is set up. */
  function checkHooks(): void {
    for (const [name, hook] of Object.entries(hooks) as [HookCall['name'], HookCall['hook']][])
      checkHook({ name, hook, of: name.startsWith('node') ? node : nameOf(1) });
  }

  async function begin(): Promise<HookVariables> {
    checkHooks();
    const hasNodeHook = hooks.nodeSetup !== undefined || hooks.nodeTeardown !== undefined;
    const given = hasNodeHook
      ? await setUp({ kind: 'node-hook' }, async () => (await call('nodeSetup', null, {})) ?? {})
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

  /** What tests of its worker have, so that a fixture can use what hooks made. */
  function withVariables<Result>({ file, scope }: FixtureCall, worker: number | null, work: () => Promise<Result>) {
    const own = worker === null ? {} : variablesOf((key) => key.kind === 'worker-hook' && key.worker === worker);
    const variables = { ...(worker === null ? {} : workerEnvironment(worker)), ...nodeVariables(), ...own };
    return asWorker(fixtureSubject({ file, scope }), worker, variables, work, (error) => {
      const broken = Promise.reject(errorOf(lateFailure(fixtureSubject({ file, scope }), error)));
      broken.catch(() => undefined);
      // Whoever asks from now on would get what is broken.
      fixtures.set(idOf(file, scope, worker), broken);
    });
  }

  const idOf = (file: string, scope: FixtureScope, worker: number | null) => JSON.stringify([scope, file, worker]);

  function fixture(file: string, scope: FixtureScope, worker: number): Promise<unknown> {
    const owner = scope === 'worker' ? worker : null;
    const id = idOf(file, scope, owner);
    let value = fixtures.get(id);
    if (value === undefined) {
      const key = { kind: 'fixture', scope, file, worker: owner } as const;
      const { setUp: work } = workOf(key);
      value = scope === 'run' && shared !== null ? setUpShared(key) : setUp(key, work);
      fixtures.set(id, value);
    }
    return value;
  }

  function workOf({ file, scope, worker }: SetupKey & { readonly kind: 'fixture' }): FixtureWork {
    const call = fixtureCall(file, scope, worker);
    return {
      setUp: () => withVariables(call, worker, () => setUpFixture(call)),
      tearDown: (value) => withVariables(call, worker, () => tearDownFixture(call, value)),
    };
  }

  /** Its value is in the queue alone: this node's journal only says that it uses it. */
  async function setUpShared(key: SetupKey & { readonly kind: 'fixture' }): Promise<unknown> {
    let value: unknown;
    await setUp(key, async () => {
      value = await shared?.use(key.file, workOf(key));
    });
    return value;
  }

  async function tearDown({ key, done }: SetupEntry): Promise<void> {
    const given = (done?.value ?? {}) as Variables;
    switch (key.kind) {
      case 'fixture': {
        const work = workOf(key);
        return key.scope === 'run' && shared !== null ? shared.leave(key.file, work) : work.tearDown(done?.value);
      }
      case 'worker-hook':
        await call('workerTeardown', key.worker, { ...nodeVariables(), ...given });
        return undefined;
      case 'node-hook':
        await call('nodeTeardown', null, given);
    }
  }

  async function end(): Promise<readonly Failure[]> {
    shared?.stopWaiting();
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
