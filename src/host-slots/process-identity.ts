/**
 * A process, distinguished from a later one that was given the same number.
 */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { hostname } from 'node:os';

// Taken when this module is loaded: in band a test that replaces members of `fs` replaces them for us too.
const { readFileSync, readlinkSync } = fs;
const { kill } = process;

export interface ProcessIdentity {
  readonly pid: number;
  /** When it began, in the words of the system; null where that cannot be asked. */
  readonly start: string | null;
  /** The start of the machine: after a restart no process of before is there. */
  readonly boot: string | null;
  /** Whose numbers these are: containers count their processes by themselves. */
  readonly space: string;
}

/** `unknown`: it belongs to a container or host whose processes cannot be asked for from here. */
export type ProcessState = 'alive' | 'dead' | 'unknown';

function tryRead<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch {
    return null;
  }
}

/** What stands for a process that has ended and whose parent has not asked how. */
const ENDED = 'ended';

/** Ticks since the start of the machine, on Linux; the command's name, in brackets, may hold anything. */
function startOnLinux(pid: number): string | null {
  const stat = tryRead(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  const [state, ...fields] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return state === 'Z' || state === 'X' ? ENDED : (fields[18] ?? null);
}

function startOnMac(pid: number): string | null {
  const env = { LC_ALL: 'C' };
  const ask = () =>
    execFileSync('/bin/ps', ['-o', 'lstart=', '-p', String(pid)], {
      ...{ encoding: 'utf8', timeout: 2000, env },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  return tryRead(() => ask().trim() || null);
}

function startOf(pid: number): string | null {
  if (process.platform === 'linux') return startOnLinux(pid);
  return process.platform === 'darwin' ? startOnMac(pid) : null;
}

function readHost(): Pick<ProcessIdentity, 'boot' | 'space'> {
  if (process.platform !== 'linux') return { boot: null, space: hostname() };
  return {
    boot: tryRead(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    space: tryRead(() => readlinkSync('/proc/self/ns/pid')) ?? hostname(),
  };
}

let host: Pick<ProcessIdentity, 'boot' | 'space'> | undefined;

/** @param pid of a process that lives. */
export function identifyProcess(pid: number = process.pid): ProcessIdentity {
  host ??= readHost();
  return { pid, start: startOf(pid), ...host };
}

function isThere(pid: number): boolean {
  try {
    Reflect.apply(kill, process, [pid, 0]);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether it lives now. */
export function stateOf({ pid, start, boot, space }: ProcessIdentity): ProcessState {
  host ??= readHost();
  if (boot !== null && host.boot !== null && boot !== host.boot) return 'dead';
  if (space !== host.space) return 'unknown';
  if (!isThere(pid)) return 'dead';
  const now = startOf(pid);
  if (now === ENDED) return 'dead';
  return start === null || now === null || now === start ? 'alive' : 'dead';
}

/** Null where a text is no identity. */
export function parseIdentity(value: unknown): ProcessIdentity | null {
  const { pid, start, boot, space } = (value ?? {}) as Partial<Record<keyof ProcessIdentity, unknown>>;
  const isText = (one: unknown): one is string | null => one === null || typeof one === 'string';
  if (!Number.isSafeInteger(pid) || (pid as number) < 1 || !isText(start) || !isText(boot)) return null;
  return typeof space === 'string' ? { pid: pid as number, start, boot, space } : null;
}
