/** What `useFixture` needs where a fixture is not ready, or cannot be. */
import { DistributedError } from '../errors';
import { identifyProcess, type ProcessIdentity } from '../host-slots/process-identity';
import { slotFolders } from '../host-slots/slot-folder';
import { journalFolder, type SetupSpec } from './setup-spec';

export { askSetups } from './client';

/** Of plain Jest, which has no settings. */
const PLAIN_LIMIT_MS = 120_000;

/** What a worker of Jest runs that is a process of its own; in band and in threads, this process is Jest's main one. */
const WORKER_SCRIPT = /[\\/]jest-worker[\\/](?:.*[\\/])?processChild\.js$/;

/** Jest's main process, seen from one of its workers. In Jest's sandbox every process has a `send`, and a worker's id. */
function mainProcess(): ProcessIdentity {
  const { isMainThread } = process.getBuiltinModule('node:worker_threads');
  const isChild = isMainThread && WORKER_SCRIPT.test(process.argv[1] ?? '');
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

/** Not by `console`, which tests replace. */
export function reportSlow(file: string, scope: string): void {
  process.stderr.write(
    `jest-distributed: the fixture ${file} (scope ${scope}) is still being set up${scope === 'run' ? ', here or on another node' : ''}. Jest ends a beforeAll after 5 s unless it has a time of its own: beforeAll(async () => { … }, 120_000)\n`,
  );
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

export function noCoordinator(file: string, { workers }: SetupSpec): DistributedError {
  return new DistributedError({
    code: 'FIXTURE_RUN_SCOPE',
    message: `The fixture ${file} has the scope run, but the ${workers.nodes} nodes of this run have fixed shares and nothing in common that could say which of them sets it up.`,
    remedy:
      'Give the nodes a queue (--database-url) or run them on one machine (run --local); or give it the scope node or worker; or set it up before the nodes start and hand its address to them as a variable.',
  });
}
