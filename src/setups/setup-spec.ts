/**
 * What the process that runs hooks and fixtures needs to know, and where it keeps its journal.
 */
import path from 'node:path';
import { DistributedError } from '../errors';
import { identifyProcess, type ProcessIdentity } from '../host-slots/process-identity';
import type { Hooks } from '../workers/hook';
import type { NodeWorkers } from '../workers/node-workers';

// Not by import: this is loaded in Jest's sandbox too, where tests may have mocked `fs`.
const { existsSync, lstatSync, mkdirSync, readdirSync } = process.getBuiltinModule('node:fs');
const { userInfo } = process.getBuiltinModule('node:os');

export interface SetupSpec {
  /** Absolute; its name has the owner. */
  readonly folder: string;
  /** What is set up lives as long as this process: Jest's main process, or the one that started all nodes. */
  readonly owner: ProcessIdentity;
  /** Absolute: where commands run. */
  readonly cwd: string;
  readonly limitMs: number;
  readonly hooks: Hooks;
  readonly workers: NodeWorkers;
  /** Variables of each worker before hooks add to them, worker 1 first. */
  readonly environments: readonly Readonly<Record<string, string>>[];
  /** Who sets up what is there once for the whole run. */
  readonly runScope:
    | { readonly kind: 'this-process' }
    | { readonly kind: 'parent'; readonly spec: string }
    /** The queue, which all nodes know: see `queue-place.ts`. */
    | { readonly kind: 'queue' }
    /** Nobody that all nodes know. */
    | { readonly kind: 'none' };
}

/** Windows has no numbers for users, and its shared folder is writable for all: there each has the folder of their own. */
const userName = (): string => {
  const { uid, username } = userInfo();
  return uid < 0 ? username.replace(/\W/g, '_') : String(uid);
};

/** Folder of the journals of this user, beside the slots. */
export const journalRoot = (slotFolder: string): string => path.join(slotFolder, `runs-${userName()}`);

/** Whether there is a journal of this user, of a process that lives or not. */
export function hasJournals(slotFolder: string): boolean {
  const root = journalRoot(slotFolder);
  return isOwnFolder(root) && readdirSync(root).length > 0;
}

/** Folder of a process's journal. */
export const journalFolder = (slotFolder: string, { pid, start }: ProcessIdentity = identifyProcess()): string =>
  path.join(journalRoot(slotFolder), `${pid}-${(start ?? '').replace(/\W/g, '_')}`);

/**
 * Makes the folder that holds journals. What is in a journal is run by the next one of this user, so nobody else may have
 * made it, or be able to write to it.
 *
 * @throws DistributedError `JOURNAL_FOLDER`.
 */
export function makeJournalRoot(root: string): void {
  mkdirSync(root, { recursive: true, mode: 0o700 });
  if (!isOwnFolder(root)) {
    throw new DistributedError({
      code: 'JOURNAL_FOLDER',
      message: `${root} is to hold what hooks and fixtures leave to be cleaned up, but it belongs to another user, or others can write to it.`,
      remedy: 'Remove it, or set JEST_DISTRIBUTED_SLOT_DIR (--slot-dir) to another folder.',
    });
  }
}

/** Whether it is there, and nobody else can have put anything into it. */
export function isOwnFolder(folder: string): boolean {
  if (!existsSync(folder)) return false;
  const { uid, mode } = lstatSync(folder);
  if (!lstatSync(folder).isDirectory()) return false;
  return process.platform === 'win32' || (uid === process.getuid?.() && (mode & 0o022) === 0);
}
