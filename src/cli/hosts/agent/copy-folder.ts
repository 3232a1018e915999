/** The folder on a host that holds the copy of one checkout, for one run at a time. */
import { existsSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { takeSlots } from '../../../host-slots/slot-locks';
import type { OpenRequest } from '../protocol';

export interface CopyFolder {
  /** Absolute. */
  readonly path: string;
  /** The checkout. */
  readonly tree: string;
  /** What its files were when they were read. */
  readonly memory: string;
  /** What was installed. */
  readonly installed: string;
  /** What a run needs and leaves. */
  readonly run: string;
  readonly release: () => void;
}

/** Where copies lie on a host. */
export const copiesFolder = (directory: string | null): string =>
  path.resolve(homedir(), directory ?? path.join('.jest-distributed', 'hosts'));

/** Bytes that are free where a folder is or would be. */
export function freeBytes(folder: string): number {
  for (let place = folder; ; place = path.dirname(place)) {
    if (!existsSync(place)) continue;
    const { bavail, bsize } = statfsSync(place);
    return bavail * bsize;
  }
}

/** How long the copy of a run that has just ended, or was cut off, is waited for before another one is made. */
const RETRY_MS = 200;

/** Only this user: what is copied may be secret. */
function makePrivate(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/**
 * A copy that no other run uses: its first one, or, where that is in use for longer than the time given, another.
 *
 * @throws what the file system throws.
 */
export async function openCopyFolder({ directory, name, owner, waitMs }: OpenRequest): Promise<CopyFolder> {
  const base = copiesFolder(directory);
  const folder = path.join(base, name);
  makePrivate(folder);
  writeFileSync(path.join(folder, 'owner.json'), JSON.stringify(owner), { mode: 0o600 });
  const locks = path.join(folder, 'locks');
  makePrivate(locks);
  const until = Date.now() + waitMs;
  let slot = takeSlots(locks, 1, null);
  while (slot.first > 0 && Date.now() < until) {
    slot.release();
    await sleep(RETRY_MS);
    slot = takeSlots(locks, 1, null);
  }
  const copy = path.join(folder, `copy-${slot.first + 1}`);
  const tree = path.join(copy, 'tree');
  makePrivate(tree);
  // Ends the search for a repository here, as in the checkout; git itself says that there is none.
  writeFileSync(path.join(tree, '.git'), 'gitdir: not-copied\n');
  const run = path.join(copy, 'run');
  rmSync(run, { recursive: true, force: true });
  makePrivate(run);
  return {
    path: copy,
    tree,
    memory: path.join(copy, 'tree.json'),
    installed: path.join(copy, 'installed.json'),
    run,
    release: slot.release,
  };
}
