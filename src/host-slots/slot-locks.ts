/**
 * Slots of this host on disk: who has which number.
 *
 * A slot is a series of files, `<slot>.<generation>`, of which the highest counts. One takes a slot by making the next
 * generation, which only one process can, after the last one's owner has given it back or is gone; and the highest file
 * is never deleted, only marked free. So no two processes ever think that they have one slot: to delete a stale lock and
 * make a new one (the usual way) would let a slow process delete what a third has just made.
 */
import * as fs from 'node:fs';
import path from 'node:path';
import { identifyProcess, type ProcessIdentity, parseIdentity, stateOf } from './process-identity';

// Taken when this module is loaded: in band a test that replaces members of `fs` replaces them for us too.
const {
  chmodSync,
  existsSync,
  linkSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} = fs;

/** What a lock says. */
interface Lock {
  readonly owner: ProcessIdentity;
  /** Folder that is there as long as something is to be cleaned up after the owner; the slot is not free before. */
  readonly journal: string | null;
}

export interface SlotBlock {
  readonly first: number;
  readonly count: number;
  /** Gives the slots back; does nothing a second time. */
  readonly release: () => void;
}

interface HeldSlot {
  readonly slot: number;
  readonly generation: number;
  readonly file: string;
}

/** A process of another container cannot be asked whether it lives: it has this long. */
const FOREIGN_MS = 24 * 60 * 60 * 1000;
/** What was left of the making of a lock is older than that. */
const REMNANT_MS = 60 * 60 * 1000;
/** Locks are made with their content at once, so an empty one is one that was given back. */
const FREE = '';

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** Generations of each slot that are there, in any order. */
function listGenerations(folder: string): Map<number, number[]> {
  const slots = new Map<number, number[]>();
  for (const name of readdirSync(folder)) {
    const [, slot, generation] = /^(\d{1,9})\.(\d{1,15})$/.exec(name) ?? [];
    if (slot === undefined) {
      removeRemnant(folder, name);
      continue;
    }
    const generations = slots.get(Number(slot)) ?? [];
    generations.push(Number(generation));
    slots.set(Number(slot), generations);
  }
  return slots;
}

function removeRemnant(folder: string, name: string): void {
  if (!name.startsWith('new-')) return;
  const file = path.join(folder, name);
  try {
    if (Date.now() - statSync(file).mtimeMs > REMNANT_MS) unlinkSync(file);
  } catch {
    // Another user's, or gone.
  }
}

function readLock(file: string): Lock | typeof FREE | null {
  try {
    const text = readFileSync(file, 'utf8');
    if (text === FREE) return FREE;
    const { owner, journal } = JSON.parse(text) as { readonly owner?: unknown; readonly journal?: unknown };
    const identity = parseIdentity(owner);
    return identity === null ? null : { owner: identity, journal: typeof journal === 'string' ? journal : null };
  } catch {
    return null;
  }
}

const isYoung = (file: string): boolean => {
  try {
    return Date.now() - statSync(file).mtimeMs < FOREIGN_MS;
  } catch {
    return false;
  }
};

function isHeld(file: string): boolean {
  const lock = readLock(file);
  if (lock === FREE) return false;
  // No lock of ours is unreadable: whoever made it, it is left alone for as long as a foreign one.
  if (lock === null) return isYoung(file);
  const state = stateOf(lock.owner);
  if (state === 'alive') return true;
  if (state === 'unknown') return isYoung(file);
  return lock.journal !== null && existsSync(lock.journal);
}

/** Makes a file with its content at once; false where there is one. */
function makeWhole(folder: string, file: string, content: string): boolean {
  const remnant = path.join(folder, `new-${process.pid}-${Math.random().toString(36).slice(2)}`);
  writeFileSync(remnant, content, { flag: 'wx' });
  try {
    // Whatever the umask: other users must see whose it is.
    chmodSync(remnant, 0o644);
    linkSync(remnant, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(remnant);
  }
}

const fileOf = (folder: string, slot: number, generation: number): string => path.join(folder, `${slot}.${generation}`);

function free({ file }: HeldSlot): void {
  try {
    truncateSync(file);
  } catch {
    // Somebody has cleaned the folder: then nobody sees it as held either.
  }
}

/** One slot, not yet confirmed; undefined where somebody has it. */
function claim(folder: string, slot: number, generations: readonly number[], content: string): HeldSlot | undefined {
  const last = generations.length === 0 ? -1 : Math.max(...generations);
  if (last >= 0 && isHeld(fileOf(folder, slot, last))) return undefined;
  const generation = last + 1;
  const file = fileOf(folder, slot, generation);
  return makeWhole(folder, file, content) ? { slot, generation, file } : undefined;
}

/** Whether what was made is still the highest: a slow process may have made one that was long past. */
function areHighest(folder: string, held: readonly HeldSlot[]): boolean {
  const now = listGenerations(folder);
  return held.every(({ slot, generation }) => Math.max(...(now.get(slot) ?? [-1])) === generation);
}

/** Lower generations mean nothing any more. In a sticky folder those of other users stay. */
function removeLower(folder: string, held: readonly HeldSlot[], listed: ReadonlyMap<number, readonly number[]>): void {
  for (const { slot, generation } of held) {
    for (const lower of listed.get(slot) ?? []) {
      if (lower >= generation) continue;
      try {
        unlinkSync(fileOf(folder, slot, lower));
      } catch {
        // Another user's, or gone.
      }
    }
  }
}

/**
 * Takes the lowest slots in a row that nobody has, until they are released or this process ends, in whatever way.
 *
 * @param folder there already.
 * @param count 1 or more.
 * @param journal see {@link Lock}.
 * @throws what the file system throws where the folder cannot be written to.
 */
export function takeSlots(folder: string, count: number, journal: string | null): SlotBlock {
  const content = JSON.stringify({ owner: identifyProcess(), journal } satisfies Lock);
  let listed = listGenerations(folder);
  let first = 0;
  for (;;) {
    const held: HeldSlot[] = [];
    while (held.length < count) {
      const slot = first + held.length;
      const claimed = claim(folder, slot, listed.get(slot) ?? [], content);
      if (claimed === undefined) break;
      held.push(claimed);
    }
    if (held.length === count && areHighest(folder, held)) {
      removeLower(folder, held, listed);
      return blockOf(first, held);
    }
    for (const one of held) free(one);
    first += held.length === count ? 1 : held.length + 1;
    listed = listGenerations(folder);
  }
}

function blockOf(first: number, held: readonly HeldSlot[]): SlotBlock {
  let isReleased = false;
  const release = (): void => {
    if (isReleased) return;
    isReleased = true;
    for (const one of held) free(one);
  };
  return { first, count: held.length, release };
}
