/** What `useFixture` needs where a fixture is not ready, or cannot be. */
import { DistributedError } from '../errors';
import { identifyProcess, type ProcessIdentity } from '../host-slots/process-identity';
import { slotFolders } from '../host-slots/slot-folder';
import { journalFolder, type SetupSpec } from './setup-spec';

export { askSetups } from './client';

/** Of plain Jest, which has no settings. */
const PLAIN_LIMIT_MS = 120_000;

/** Jest's main process, seen from one of its workers. */
function mainProcess(): ProcessIdentity {
  const { isMainThread } = process.getBuiltinModule('node:worker_threads');
  const isChild = isMainThread && typeof process.send === 'function' && process.env.JEST_WORKER_ID !== undefined;
  return identifyProcess(isChild ? process.ppid : process.pid);
}

/** Under plain Jest: all its workers find each other by their main process, and what is set up ends with it. */
export function plainSpec(): SetupSpec {
  const owner = mainProcess();
  const [slotFolder] = slotFolders(null);
  return {
    folder: journalFolder(slotFolder as string, owner),
    owner,
    cwd: process.cwd(),
    limitMs: PLAIN_LIMIT_MS,
    hooks: {},
    workers: { node: 1, nodes: 1, nodeName: 1, run: 'local', firstSlot: 0, count: 1 },
    environments: [],
    runScope: { kind: 'this-process' },
  };
}

export function invalidFixture(wrong: string): DistributedError {
  return new DistributedError({
    code: 'FIXTURE_INVALID',
    message: `defineFixture was called with something that is no fixture: ${wrong}.`,
    remedy: "Give it { scope: 'worker' | 'node' | 'run', setup, teardown }; setup and teardown are functions.",
  });
}

export function notFixture(value: unknown): DistributedError {
  return new DistributedError({
    code: 'FIXTURE_INVALID',
    message: `useFixture was called with ${value === null ? 'null' : `a ${typeof value}`} that no defineFixture has made in a module of its own.`,
    remedy: 'Export the fixture from its module, and give it to useFixture: await useFixture(database)',
  });
}

export function noCoordinator(file: string, { workers, runScope }: SetupSpec): DistributedError {
  const isQueue = runScope.kind === 'none' && runScope.isQueue;
  return new DistributedError({
    code: 'FIXTURE_RUN_SCOPE',
    message: `The fixture ${file} has the scope run, but ${isQueue ? 'the nodes of this queue are processes that know each other only by its database' : `the ${workers.nodes} nodes of this run have shares and know nothing of each other`}.`,
    remedy:
      'Give it the scope node or worker; or set it up before the nodes start and hand its address to them as a variable; or run all nodes on one machine with run --local.',
  });
}
