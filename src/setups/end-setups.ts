/**
 * Ends what a process has set up, from its 'exit' event, where nothing can be awaited.
 */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { parseIdentity, stateOf } from '../host-slots/process-identity';
import { type Failure, FILES } from './protocol';
import type { SetupSpec } from './setup-spec';

// Taken when this module is loaded: in band a test that replaces members of `fs` replaces them for us too.
const { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } = fs;

const POLL_MS = 10;
/** What is blocked does not see that it is to end. */
const NOTICE_MS = 5_000;
/** A process that is being started gets this long to say who it is. */
const START_MS = 10_000;

const sleep = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

function identityIn(folder: string) {
  try {
    return parseIdentity(JSON.parse(readFileSync(path.join(folder, FILES.process), 'utf8')));
  } catch {
    return null;
  }
}

function readEnd(folder: string): readonly Failure[] | null {
  try {
    return JSON.parse(readFileSync(path.join(folder, FILES.ended), 'utf8')) as readonly Failure[];
  } catch {
    return null;
  }
}

/** The teardowns of a journal whose process is gone, by a new one. @returns what failed. */
export function recoverJournal(folder: string, limitMs: number): readonly Failure[] {
  rmSync(path.join(folder, FILES.ended), { force: true });
  const log = openSync(path.join(folder, FILES.log), 'a', 0o600);
  spawnSync(process.execPath, [require.resolve('./setup-process'), folder, 'recover'], {
    timeout: limitMs,
    killSignal: 'SIGKILL',
    stdio: ['ignore', log, log],
    windowsHide: true,
  });
  closeSync(log);
  return readEnd(folder) ?? [teardownLost(folder)];
}

function teardownLost(folder: string): Failure {
  return {
    code: 'TEARDOWN_LOST',
    message: `What a killed process had set up was not torn down: the teardowns did not come to their end (${folder}).`,
    remedy: 'Look for a teardown that hangs or ends its process, and for what is left: databases, servers, files.',
  };
}

/** Waits for the process's own end. @returns null where it does not come. */
function waitForEnd({ folder, limitMs }: SetupSpec): readonly Failure[] | null {
  const begun = Date.now();
  writeFileSync(path.join(folder, FILES.end), '');
  for (;;) {
    const end = readEnd(folder);
    if (end !== null) return end;
    const passed = Date.now() - begun;
    const identity = identityIn(folder);
    if (identity === null ? passed > START_MS : stateOf(identity) === 'dead') return readEnd(folder);
    if (passed > NOTICE_MS && !existsSync(path.join(folder, FILES.ending))) return kill(identity?.pid);
    // Fixtures come one after the other, and each has its time.
    if (passed > NOTICE_MS + 10 * limitMs) return kill(identity?.pid);
    sleep(POLL_MS);
  }
}

function kill(pid: number | undefined): null {
  try {
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
  return null;
}

/** Tears down everything; nothing where nothing was set up. @returns what failed. */
export function endSetups(spec: SetupSpec): readonly Failure[] {
  if (!existsSync(spec.folder)) return [];
  const isStarted = existsSync(path.join(spec.folder, FILES.starter));
  const failures = !isStarted ? [] : (waitForEnd(spec) ?? recoverJournal(spec.folder, 10 * spec.limitMs));
  rmSync(spec.folder, { recursive: true, force: true });
  return failures;
}
