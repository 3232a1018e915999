/** The folder on a host that holds the copy of one checkout, for one run at a time. */
import { accessSync, constants, existsSync, mkdirSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
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

/** The nearest place at or above a folder that is there. */
function nearest(folder: string): string {
  let place = folder;
  while (!existsSync(place)) place = path.dirname(place);
  return place;
}

/** Bytes that are free where a folder is or would be. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(nearest(folder));
  return bavail * bsize;
}

/** What keeps this user from making a folder and writing into it; null where nothing does. */
export function refusalAt(folder: string): string | null {
  const place = nearest(folder);
  if (!statSync(place).isDirectory()) return `${place} is no folder`;
  try {
    accessSync(place, constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Says what was installed in a copy. */
const INSTALLED = 'installed.json';

/** Between two looks at a copy that another run has, which may have ended just now. */
const RETRY_MS = 200;

/** Only this user: what is copied may be secret. */
function makePrivate(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/**
 * A copy that no other run uses: the first one, or, where that is in use, another that was made before, or, where it is
 * in use for longer than the time given, a new one.
 *
 * @throws what the file system throws.
 */
export async function openCopyFolder({ directory, name, owner, waitMs, isAgain }: OpenRequest): Promise<CopyFolder> {
  const base = copiesFolder(directory);
  const folder = path.join(base, name);
  makePrivate(folder);
  writeFileSync(path.join(folder, 'owner.json'), JSON.stringify(owner), { mode: 0o600 });
  const locks = path.join(folder, 'locks');
  makePrivate(locks);
  const until = Date.now() + waitMs;
  let slot = takeSlots(locks, 1, null);
  const copyOf = ({ first }: { readonly first: number }) => path.join(folder, `copy-${first + 1}`);
  const isMade = (one: { readonly first: number }) => existsSync(path.join(copyOf(one), INSTALLED));
  while (slot.first > 0 && Date.now() < until && (isAgain || !isMade(slot))) {
    slot.release();
    await sleep(RETRY_MS);
    slot = takeSlots(locks, 1, null);
  }
  const copy = copyOf(slot);
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
    installed: path.join(copy, INSTALLED),
    run,
    release: slot.release,
  };
}
