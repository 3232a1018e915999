/**
 * Asks the process that runs hooks and fixtures, and starts it where it is not there yet.
 *
 * Also runs in Jest's sandbox, where tests may have mocked whatever a `require` gives, and replaced timers.
 */
import { DistributedError } from '../errors';
import { parseIdentity, stateOf } from '../host-slots/process-identity';
import { ask, BLOCKED_MS, type NoResponse } from './ask';
import { errorOf } from './failure';
import { outputBlock, readOutput } from './output';
import { FILES, type SetupRequest, type SetupResponse } from './protocol';
import { makeJournalRoot, type SetupSpec } from './setup-spec';
import { secondsText } from './time-limit';

const fs = process.getBuiltinModule('node:fs');
const path = process.getBuiltinModule('node:path');
const childProcess = process.getBuiltinModule('node:child_process');
const timers = process.getBuiltinModule('node:timers');

/** A process on a machine that is busy. */
const START_MS = 30_000;
const RETRY_MS = 5;

const wait = (ms: number): Promise<void> => new Promise((resolve) => timers.setTimeout(resolve, ms));

/** Of all who ask one starts the process. @returns whether this process does. */
function makeFolder({ folder }: SetupSpec): boolean {
  makeJournalRoot(path.dirname(folder));
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    fs.closeSync(fs.openSync(path.join(folder, FILES.starter), 'wx', 0o600));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function startProcess(spec: SetupSpec): void {
  const specFile = path.join(spec.folder, FILES.spec);
  fs.writeFileSync(specFile, JSON.stringify(spec), { mode: 0o600 });
  const log = fs.openSync(path.join(spec.folder, FILES.log), 'a', 0o600);
  const child = childProcess.spawn(process.execPath, [require.resolve('./setup-process'), spec.folder], {
    cwd: spec.cwd,
    // A session of its own: Ctrl-C and the end of a process group are not for it.
    detached: true,
    stdio: ['ignore', log, log],
    windowsHide: true,
  });
  fs.closeSync(log);
  child.unref();
}

/**
 * @param limitMs of the whole answer, set-ups included.
 * @param first what was answered already, if anything.
 * @returns the value.
 * @throws DistributedError as the hook or fixture failed; `SETUPS_UNREACHABLE`, `SETUPS_ENDED`, `SETUPS_BLOCKED`.
 */
export async function askSetups(
  spec: SetupSpec,
  request: SetupRequest,
  limitMs: number,
  first?: SetupResponse | NoResponse,
): Promise<unknown> {
  const startedAt = Date.now();
  let isTried = false;
  for (let response = first; ; response = undefined) {
    response ??= await ask(spec.folder, request, limitMs + BLOCKED_MS);
    if (response === 'blocked') throw blocked(spec, request);
    if (response === 'ended') throw ended(spec, request);
    if (response !== 'nobody') {
      if (response.ok) return response.value;
      throw errorOf(response.failure);
    }
    if (!isTried && makeFolder(spec)) startProcess(spec);
    isTried = true;
    if (isGone(spec)) throw ended(spec, request);
    if (Date.now() - startedAt > START_MS) throw unreachable(spec);
    await wait(RETRY_MS);
  }
}

/** Whether it was there. */
function isGone({ folder }: SetupSpec): boolean {
  const file = path.join(folder, FILES.process);
  if (!fs.existsSync(file)) return false;
  const identity = parseIdentity(JSON.parse(fs.readFileSync(file, 'utf8')));
  return identity !== null && stateOf(identity) === 'dead';
}

/** What was asked for; of hooks those whose set-up has begun and did not come to its end. */
function subjectOf({ folder, hooks }: SetupSpec, request: SetupRequest): string {
  if (request.op === 'fixture') return `The fixture ${request.file} (scope ${request.scope})`;
  const { readJournal } = require('./journal') as typeof import('./journal');
  const open = [...readJournal(folder).open.values()].filter(({ done }) => done === null);
  const names = new Set(open.map(({ key }) => (key.kind === 'node-hook' ? 'nodeSetup' : 'workerSetup')));
  const hooksBegun = [...names].map((name) => `${name} (${hooks[name]?.text}, from ${hooks[name]?.source})`);
  return hooksBegun.length === 0 ? 'A hook' : hooksBegun.join(' or ');
}

function blocked(spec: SetupSpec, request: SetupRequest): DistributedError {
  return new DistributedError({
    code: 'SETUPS_BLOCKED',
    message: `${subjectOf(spec, request)} did not come to its end within ${secondsText(spec.limitMs)}, and blocks the process that it runs in.`,
    remedy:
      'Look for a loop without end in it, or for one that waits without await. Where it blocks that long by right (execSync), raise --hook-seconds (JEST_DISTRIBUTED_HOOK_SECONDS).',
  });
}

function ended(spec: SetupSpec, request: SetupRequest): DistributedError {
  const { folder } = spec;
  const output = outputBlock(readOutput(path.join(folder, FILES.log)));
  return new DistributedError({
    code: 'SETUPS_ENDED',
    message: `${subjectOf(spec, request)} was not set up: the process that runs hooks and fixtures has ended, by a crash in one of them or because somebody killed it.${output}`,
    remedy: 'Look for what ends it: process.abort, a native module, too much memory, or a kill.',
  });
}

function unreachable({ folder }: SetupSpec): DistributedError {
  const output = outputBlock(readOutput(path.join(folder, FILES.log)));
  return new DistributedError({
    code: 'SETUPS_UNREACHABLE',
    message: `The process that runs hooks and fixtures did not start within ${secondsText(START_MS)} (${folder}).${output}`,
    remedy: 'Look at what it printed. Sockets must be possible in that folder; --slot-dir names another.',
  });
}
