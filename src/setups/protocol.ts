/**
 * What workers and Jest's main process ask of the process that runs hooks and fixtures: one line of JSON each way, over a
 * socket that is a file (no port is taken), a connection for each question.
 */
import type { DistributedErrorInit } from '../errors';

export type SetupRequest =
  /** Runs the set-up hooks of node and workers. */
  | { readonly op: 'begin' }
  /** The value of a fixture, set up by the first who asks. @param pid of the process that asks. */
  | {
      readonly op: 'fixture';
      readonly file: string;
      readonly scope: string;
      readonly worker: number;
      readonly pid: number;
    };

/** What hooks gave to be in the environment. */
export interface HookVariables {
  readonly node: Readonly<Record<string, string>>;
  /** Worker 1 first. */
  readonly workers: readonly Readonly<Record<string, string>>[];
}

export type Failure = Omit<DistributedErrorInit, 'cause'>;

export type SetupResponse =
  | { readonly ok: true; readonly value?: unknown }
  | { readonly ok: false; readonly failure: Failure };

/** Bytes that every system takes as the path of a socket. */
const LONGEST_SOCKET = 100;

/** Where the process of a folder listens. */
export function socketOf(folder: string): string {
  const { createHash } = process.getBuiltinModule('node:crypto');
  const hash = () => createHash('sha256').update(folder).digest('hex').slice(0, 24);
  if (process.platform === 'win32') return `\\\\.\\pipe\\jest-distributed-${hash()}`;
  const inside = `${folder}/socket`;
  return Buffer.byteLength(inside) <= LONGEST_SOCKET ? inside : `/tmp/jest-distributed-${hash()}`;
}

/** Files in the folder of such a process. */
export const FILES = {
  spec: 'spec.json',
  /** Where this node is in its queue, with the URL. */
  queue: 'queue.json',
  /** Whoever makes it starts the process. */
  starter: 'starter',
  /** What it and its hooks print. */
  log: 'log',
  /** Identity of the process. */
  process: 'process.json',
  /** Whoever makes it asks for the end. */
  end: 'end',
  /** The process has seen that. */
  ending: 'ending',
  /** How the teardowns went; made when they are over. */
  ended: 'ended.json',
  /** Numbers of worker processes, a line each. */
  workers: 'workers',
} as const;

/** Beyond the time that set-up and teardown of a fixture of a whole run have: until whoever runs them has said so. */
const GRACE_MS = 5_000;

/** How long a node may hold such a fixture: a teardown of what was left behind, and a set-up. */
export const holdLimitMs = (limitMs: number): number => 2 * limitMs + GRACE_MS;

/** Set-ups of other nodes that are waited for: one that dies, and one after it. */
const WAITED_FOR = 2;

export const waitLimitMs = (limitMs: number): number => WAITED_FOR * holdLimitMs(limitMs);

/** The longest that it takes where other nodes are at it first, and this one after them. */
export const sharedLimitMs = (limitMs: number): number => waitLimitMs(limitMs) + holdLimitMs(limitMs);
