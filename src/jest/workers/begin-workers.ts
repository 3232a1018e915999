/**
 * Everything that workers have before their first file: slots, names, variables, and what hooks set up; and its end.
 *
 * In Jest's main process, after the tests are known and before globalSetup and the first worker.
 */
import { appendFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { DistributedError } from '../../errors';
import { identifyProcess } from '../../host-slots/process-identity';
import { slotFolders } from '../../host-slots/slot-folder';
import type { Options } from '../../options/resolve';
import { optionRow } from '../../options/table';
import { type Failure, FILES, type HookVariables } from '../../setups/protocol';
import { type QueuePlace, writeQueuePlace } from '../../setups/queue-place';
import { hasJournals, journalFolder, type SetupSpec } from '../../setups/setup-spec';
import { fillTemplates, needSlot } from '../../workers/env-templates';
import { HOOK_NAMES, type Hooks } from '../../workers/hook';
import { type NodeWorkers, POSITION_VARIABLE, workerVariables } from '../../workers/node-workers';
import { channel } from '../channels/channel';
import { setForWorkers } from '../channels/environment';
import { writeStderr } from '../channels/stderr';
import type { ResolvedJest } from '../host/resolve-jest';
import { printNotice } from '../planning/print-share';
import { numberWorkers, releaseSlots, type WorkersOf } from './number-workers';
import { releaseStorages } from './release-storages';
import { setWorkerEnvironment, type WorkerProcess } from './worker-environment';

export interface WorkersToBegin extends Omit<WorkersOf, 'slotFolders'> {
  readonly options: Options;
  /** Absolute: where commands run. */
  readonly projectDir: string;
  /** Whether any test runs here; nothing is set up for none. */
  readonly hasTests: boolean;
  /** Jest's `workerIdleMemoryLimit`: with it, one worker is a process of its own too. */
  readonly hasMemoryLimit: boolean;
  /** Of the run that started this node, as JSON; null in a node that was started by itself. */
  readonly runSetups: string | null;
  readonly isQueue: boolean;
}

interface NodeSetups {
  readonly spec: SetupSpec;
  readonly variables: HookVariables;
}

const NOTHING: HookVariables = { node: {}, workers: [] };
const nodeSetups = channel<NodeSetups | undefined>('node-setups', () => undefined);
const teardownFailures = channel<string[]>('teardown-failures', () => []);

/** Who the workers of this node are; undefined where nothing numbered them. */
export const readNodeWorkers = (): NodeWorkers | undefined => nodeSetups.read()?.spec.workers;

/** What failed when this node was torn down, a sentence each. */
export const readTeardownFailures = teardownFailures.read;

function hooksOf(options: Options): Hooks {
  const entries = HOOK_NAMES.flatMap((name) => {
    const setting = options[name];
    return setting === undefined ? [] : [[name, { text: setting.value, source: setting.source }] as const];
  });
  return Object.fromEntries(entries);
}

const children: WorkerProcess[] = [];

/** Tests that still run would meet what is torn down under them. */
function endWorkers(): void {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
}

function reportFailure(failure: Failure): void {
  const { errorOf } = require('../../setups/failure') as typeof import('../../setups/failure');
  const error = errorOf(failure);
  teardownFailures.read().push(error.fact);
  writeStderr(`${error.stack}\n`);
}

/** In the process's 'exit' event: it comes after globalTeardown, and with --bail and forceExit too. */
function endWith(spec: SetupSpec): void {
  process.once('exit', (code) => {
    if (existsSync(spec.folder)) {
      endWorkers();
      const { endSetups } = require('../../setups/end-setups') as typeof import('../../setups/end-setups');
      const failures = endSetups(spec);
      for (const failure of failures) reportFailure(failure);
      if (failures.length > 0 && code === 0) process.exitCode = 1;
    }
    releaseSlots();
  });
}

function runScopeOf({ identity, isQueue, runSetups }: WorkersToBegin): SetupSpec['runScope'] {
  if (runSetups !== null) return { kind: 'parent', spec: runSetups };
  if (isQueue) return { kind: 'queue' };
  return { kind: identity.nodes > 1 ? 'none' : 'this-process' };
}

/** Lets fixtures of the whole run meet by the queue that this node has joined. */
export function shareQueue(place: QueuePlace): void {
  const spec = nodeSetups.read()?.spec;
  if (spec?.runScope.kind === 'queue') writeQueuePlace(spec, place);
}

async function begin(spec: SetupSpec): Promise<HookVariables> {
  if (Object.keys(spec.hooks).length === 0) return NOTHING;
  const { askSetups } = await import('../../setups/client.js');
  // First those of the node, then those of its workers, all at once.
  return (await askSetups(spec, { op: 'begin' }, 2 * spec.limitMs)) as HookVariables;
}

/** @throws DistributedError as a hook failed; `SLOT_UNAVAILABLE`. */
export async function beginWorkers(host: ResolvedJest, asked: WorkersToBegin): Promise<void> {
  const { options, projectDir, hasTests } = asked;
  const chosen = options.slotDir?.value ?? null;
  const before = nodeSetups.read();
  const folders = slotFolders(chosen);
  const withJournals = folders.filter(hasJournals);
  // What most runs do not need is loaded where it is: nobody before them was killed, and they have no hooks.
  if (before === undefined && withJournals.length > 0) {
    const { recoverRuns } = await import('../../setups/recover-runs.js');
    for (const notice of recoverRuns(withJournals)) printNotice(notice);
  }
  const { workers, slotFolder } = numberWorkers({ ...asked, slotFolders: folders });
  const templates = options.env?.value ?? {};
  if (workers.firstSlot === null && needSlot(templates)) throw noSlot(options.env?.source ?? 'env');
  const numbers = Array.from({ length: workers.count }, (_, index) => index + 1);
  const environments = numbers.map((worker) => fillTemplates(templates, workers, worker));
  const hooks = hasTests ? hooksOf(options) : {};
  const spec: SetupSpec = {
    folder: journalFolder(slotFolder ?? (folders.at(-1) as string)),
    owner: identifyProcess(),
    cwd: projectDir,
    limitMs: options.hookSeconds.value * 1000,
    ...{ hooks, workers, environments },
    runScope: runScopeOf(asked),
  };
  if (before === undefined) {
    endWith(spec);
    nodeSetups.publish({ spec, variables: NOTHING });
  }
  const hasBegun = before !== undefined && Object.keys(before.spec.hooks).length > 0;
  const given = hasBegun ? before.variables : await begin(spec);
  nodeSetups.publish({ spec, variables: given });

  const variablesOf = (worker: number): Readonly<Record<string, string>> => ({
    ...environments[worker - 1],
    ...given.node,
    ...given.workers[worker - 1],
    ...workerVariables(workers, worker),
  });
  const { [POSITION_VARIABLE]: position, ...own } = variablesOf(1);
  setForWorkers('POSITION', position);
  setForWorkers('SETUPS', JSON.stringify(spec));
  Object.assign(process.env, own, chosen !== null && { [optionRow('slotDir').variable]: chosen });
  // Jest may run the files in this process too.
  releaseStorages(host.circusRunner());
  // One worker is this process itself, unless its memory is limited.
  if (workers.count === 1 && !asked.hasMemoryLimit) return;
  const hasHooks = Object.keys(hooks).length > 0;
  setWorkerEnvironment(host, variablesOf, (child) => {
    children.push(child);
    if (hasHooks && child.pid !== undefined) appendFileSync(path.join(spec.folder, FILES.workers), `${child.pid}\n`);
  });
}

function noSlot(source: string): DistributedError {
  return new DistributedError({
    code: 'SLOT_UNAVAILABLE',
    message: `A variable needs {slot} (from ${source}), but this host has no folder in which it could record the slots in use.`,
    remedy: 'Set JEST_DISTRIBUTED_SLOT_DIR (--slot-dir) to a folder that all users of this host can write to.',
  });
}
