/**
 * Cleans up after runs of this user on this host that were killed together with the process that would have done so.
 */
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseIdentity, stateOf } from '../host-slots/process-identity';
import { takeSlots } from '../host-slots/slot-locks';
import { recoverJournal } from './end-setups';
import { errorOf } from './failure';
import { readJournal } from './journal';
import { type Failure, FILES, socketOf } from './protocol';
import { isOwnFolder, journalRoot, type SetupSpec } from './setup-spec';

/** A folder without what belongs in it is being made, or never was. */
const YOUNG_MS = 10_000;
/** What fails so often is left to people. */
const MOST_TRIES = 3;

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

const isDead = (identity: unknown): boolean => {
  const parsed = parseIdentity(identity);
  return parsed === null || stateOf(parsed) === 'dead';
};

function isYoung(folder: string): boolean {
  try {
    return Date.now() - statSync(folder).mtimeMs < YOUNG_MS;
  } catch {
    return true;
  }
}

/** Whether nobody works on a journal any more, neither its owner nor the process that would tear down after it. */
function isAbandoned(folder: string): boolean {
  const spec = readJson(path.join(folder, FILES.spec)) as SetupSpec | null;
  if (spec === null) return !isYoung(folder);
  const process_ = readJson(path.join(folder, FILES.process));
  if (process_ === null && isYoung(folder)) return false;
  return isDead(spec.owner) && isDead(process_);
}

/** Of any number of runs that start now one does it. @returns undefined where another one does. */
function claimFolder(folder: string): (() => void) | undefined {
  const locks = path.join(folder, 'recovery');
  mkdirSync(locks, { recursive: true });
  const block = takeSlots(locks, 1, null);
  if (block.first === 0) return block.release;
  block.release();
  return undefined;
}

function countTries(folder: string): number {
  const file = path.join(folder, 'tries');
  appendFileSync(file, '.');
  return statSync(file).size;
}

/** @returns lines of a notice; none where there was nothing to do. */
function recover(folder: string): string[] {
  const release = claimFolder(folder);
  if (release === undefined || !existsSync(path.join(folder, FILES.spec))) {
    if (release !== undefined) rmSync(folder, { recursive: true, force: true });
    return [];
  }
  const { open } = readJournal(folder);
  const said = open.size === 0 ? ((readJson(path.join(folder, FILES.ended)) ?? []) as readonly Failure[]) : [];
  const { limitMs } = readJson(path.join(folder, FILES.spec)) as SetupSpec;
  const failures = open.size === 0 ? [] : recoverJournal(folder, 10 * limitMs);
  const isLast = failures.length === 0 || countTries(folder) >= MOST_TRIES;
  if (isLast) {
    rmSync(socketOf(folder), { force: true });
    rmSync(folder, { recursive: true, force: true });
  } else release();
  // Torn down, but no process was left to report it.
  if (said.length > 0) return ['an earlier run left this:', ...said.flatMap(factLines)];
  if (open.size === 0) return [];
  const done = `an earlier run did not finish; ${open.size - failures.length} of ${open.size} of what it had set up ${open.size === 1 ? 'is' : 'are'} torn down now`;
  if (failures.length === 0) return [done];
  const next = isLast
    ? `This failed ${MOST_TRIES} times and is not tried again: remove by hand what ${failures.length === 1 ? 'it has' : 'they have'} set up.`
    : 'The next run on this host tries it again.';
  return [done, ...failures.flatMap(factLines), next];
}

const factLines = (failure: Failure): string[] => errorOf(failure).fact.split('\n');

/**
 * @param slotFolders in which there may be journals.
 * @returns notices for people, lines each.
 */
export function recoverRuns(slotFolders: readonly string[]): string[][] {
  return slotFolders.flatMap((slotFolder) => {
    const root = journalRoot(slotFolder);
    if (!isOwnFolder(root)) return [];
    return readdirSync(root)
      .map((name) => path.join(root, name))
      .filter(isAbandoned)
      .flatMap((folder) => {
        try {
          const lines = recover(folder);
          return lines.length === 0 ? [] : [lines];
        } catch {
          // Another run has just cleaned it up.
          return [];
        }
      });
  });
}
