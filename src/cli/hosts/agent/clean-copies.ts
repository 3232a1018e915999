/** Removes copies that no run uses. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { takeSlots } from '../../../host-slots/slot-locks';
import type { Cleaned, CleanRequest, CopyOwner } from '../protocol';
import { copiesFolder } from './copy-folder';

function readOwner(folder: string): CopyOwner | undefined {
  try {
    return JSON.parse(readFileSync(path.join(folder, 'owner.json'), 'utf8')) as CopyOwner;
  } catch {
    // Not ours.
    return undefined;
  }
}

/** @returns whether all copies of the folder are gone. */
function removeCopies(folder: string): boolean {
  const numbers = readdirSync(folder).flatMap((name) => /^copy-(\d+)$/.exec(name)?.[1] ?? []);
  const most = Math.max(0, ...numbers.map(Number));
  const locks = path.join(folder, 'locks');
  const taken: ReturnType<typeof takeSlots>[] = [];
  // The lowest that are free, one by one: those that are missing then are in use.
  for (let slot = existsSync(locks) ? takeSlots(locks, 1, null) : undefined; slot; slot = takeSlots(locks, 1, null)) {
    taken.push(slot);
    if (slot.first >= most) break;
    rmSync(path.join(folder, `copy-${slot.first + 1}`), { recursive: true, force: true });
  }
  const isWhole = taken.filter(({ first }) => first < most).length === most;
  if (isWhole) rmSync(folder, { recursive: true, force: true });
  for (const slot of taken) slot.release();
  return isWhole;
}

export function cleanCopies({ directory, owner, checkout }: CleanRequest): Cleaned {
  const base = copiesFolder(directory);
  const removed: string[] = [];
  const inUse: string[] = [];
  for (const name of existsSync(base) ? readdirSync(base) : []) {
    const folder = path.join(base, name);
    const found = readOwner(folder);
    if (found?.user !== owner.user || found.host !== owner.host) continue;
    if (checkout !== null && found.checkout !== checkout) continue;
    (removeCopies(folder) ? removed : inUse).push(found.checkout);
  }
  return { removed, inUse };
}
