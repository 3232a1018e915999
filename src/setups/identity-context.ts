/** What hooks and fixtures receive about the node or worker that they are set up for. */
import { RUN_VARIABLE, SLOT_VARIABLE, WORKER_VARIABLE, workerVariables } from '../workers/node-workers';
import type { FixtureContext } from './fixture';
import type { FixtureScope } from './journal';
import type { SetupSpec } from './setup-spec';

export interface IdentityContexts {
  readonly nodeContext: object;
  /** @param worker 1-based. */
  readonly workerContext: (worker: number) => object;
  readonly fixtureContext: (scope: FixtureScope, worker: number | null) => FixtureContext;
  readonly workerEnvironment: (worker: number) => Readonly<Record<string, string>>;
}

export function fillIdentity({ workers, environments }: SetupSpec): IdentityContexts {
  const { node, nodes, run, firstSlot, count } = workers;
  const slots = firstSlot === null ? [] : Array.from({ length: count }, (_, index) => firstSlot + index);
  const identityOf = (worker: number) => {
    const own = workerVariables(workers, worker);
    return { slot: Number(own[SLOT_VARIABLE]), name: own[WORKER_VARIABLE] as string };
  };
  const nodeContext = { node, nodes, run: workerVariables(workers, 1)[RUN_VARIABLE] as string, slots };
  const workerContext = (worker: number) => ({ ...nodeContext, ...identityOf(worker), number: worker });
  return {
    nodeContext,
    workerContext,
    fixtureContext: (scope, worker) => {
      if (scope === 'run') return { scope, run, nodes };
      return worker === null ? { scope, ...nodeContext } : { scope, ...nodeContext, ...identityOf(worker) };
    },
    workerEnvironment: (worker) => ({ ...environments[worker - 1], ...workerVariables(workers, worker) }),
  };
}
