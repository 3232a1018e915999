/**
 * The process that runs hooks and fixtures: beside Jest and not in it, so that one that hangs, exits or prints without
 * end takes nothing with it, and so that what was set up is torn down whatever becomes of Jest.
 *
 *     node setup-process.js <folder> [recover]
 *
 * It lives as long as its owner. `recover` tears down what a journal holds whose processes are gone, and ends.
 */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import path from 'node:path';
import { identifyProcess, stateOf } from '../host-slots/process-identity';
import { workerVariables } from '../workers/node-workers';
import { failureOf, lateFailure } from './failure';
import type { FixtureScope } from './journal';
import { type Failure, FILES, type SetupRequest, type SetupResponse, socketOf } from './protocol';
import { runningNow, splitEnvironment } from './running-now';
import type { SetupSpec } from './setup-spec';
import { openSetups } from './setups';

const POLL_MS = 40;
/** Workers of an owner that is gone get this long to notice. */
const GRACE_MS = 1_000;

const [, , folder = '', mode] = process.argv;
const fileOf = (name: keyof typeof FILES): string => path.join(folder, FILES[name]);
const spec = JSON.parse(readFileSync(fileOf('spec'), 'utf8')) as SetupSpec;
const setups = openSetups(spec);
const workerPids = new Set<number>();
/** What nobody caught, after the set-up or teardown was over from which it came. */
const lateFailures: Failure[] = [];

/** A recovery is started by whatever run comes next, in another folder. */
function enterProject(): void {
  try {
    process.chdir(spec.cwd);
  } catch {
    // It was removed, and what is to be torn down may be elsewhere.
  }
}

function takeIdentity(): void {
  delete process.env.JEST_WORKER_ID;
  Object.assign(process.env, spec.environments[0], workerVariables(spec.workers, 1));
  // Fixtures may use fixtures.
  process.env.JDIST_INTERNAL_SETUPS = JSON.stringify(spec);
}

/** What would end this process takes the blame where it is called, and all else goes on. */
function refuseExit(): void {
  process.exit = ((code?: number) => {
    throw new Error(`process.exit(${code ?? ''}) was called, which is not for hooks and fixtures`);
  }) as typeof process.exit;
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) process.on(event, takeUncaught);
}

function takeUncaught(error: unknown): void {
  const who = runningNow();
  if (who?.onUncaught !== undefined) {
    who.onUncaught(error);
    return;
  }
  console.error(error);
  lateFailures.push(lateFailure(who?.what, error));
  who?.onLate?.(error);
}

/** Tears down everything. @returns all that failed. */
async function endAll(): Promise<readonly Failure[]> {
  const failures = await setups.end();
  // What a teardown has left comes to light on a later turn.
  await new Promise((resolve) => setImmediate(resolve));
  return [...failures, ...lateFailures];
}

const realExit = process.exit.bind(process);

function writeWhole(name: keyof typeof FILES, content: string): void {
  writeFileSync(`${fileOf(name)}.new`, content, { mode: 0o600 });
  renameSync(`${fileOf(name)}.new`, fileOf(name));
}

async function answer(request: SetupRequest): Promise<SetupResponse> {
  try {
    if (request.op === 'begin') return { ok: true, value: await setups.begin() };
    const { file, scope, worker, pid } = request;
    // A fixture that uses another asks too, from this process.
    if (pid !== spec.owner.pid && pid !== process.pid) workerPids.add(pid);
    return { ok: true, value: await setups.fixture(file, scope as FixtureScope, worker) };
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

function serve(socket: Socket): void {
  let text = '';
  socket.setEncoding('utf8');
  // A worker that is killed while it waits is no reason to end.
  socket.on('error', () => undefined);
  socket.on('data', (chunk: string) => {
    text += chunk;
    if (!text.endsWith('\n')) return;
    void answer(JSON.parse(text) as SetupRequest).then((response) => socket.end(`${JSON.stringify(response)}\n`));
  });
}

function ownerIsGone(): boolean {
  if (process.platform === 'linux') return stateOf(spec.owner) === 'dead';
  try {
    process.kill(spec.owner.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function endWorkers(): void {
  const listed = existsSync(fileOf('workers')) ? readFileSync(fileOf('workers'), 'utf8').split('\n').map(Number) : [];
  for (const pid of [...workerPids, ...listed]) {
    if (!(pid > 1)) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

async function leave(isOrphaned: boolean): Promise<void> {
  if (isOrphaned) {
    await new Promise((resolve) => setTimeout(resolve, GRACE_MS));
    endWorkers();
  } else {
    writeFileSync(fileOf('ending'), '');
  }
  const failures = await endAll();
  if (isOrphaned && failures.length === 0) rmSync(folder, { recursive: true, force: true });
  else writeWhole('ended', JSON.stringify(failures));
  realExit(0);
}

async function recover(): Promise<void> {
  writeWhole('ended', JSON.stringify(await endAll()));
  realExit(0);
}

enterProject();
takeIdentity();
splitEnvironment();
refuseExit();
// Ctrl-C is for the tests; this process ends after them.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

if (mode === 'recover') {
  recover().catch((error: unknown) => {
    console.error(error);
    realExit(1);
  });
} else {
  writeWhole('process', JSON.stringify(identifyProcess()));
  rmSync(socketOf(folder), { force: true });
  createServer(serve).listen(socketOf(folder));
  const watch = setInterval(() => {
    const isOrphaned = ownerIsGone();
    if (!isOrphaned && !existsSync(fileOf('end'))) return;
    clearInterval(watch);
    leave(isOrphaned).catch((error: unknown) => {
      // Somebody has removed its folder, say. Nobody is there to whom it could matter more than that this process ends.
      console.error(error);
      realExit(1);
    });
  }, POLL_MS);
}
