/**
 * One owner at a time for a PGlite's data directory: PGlite takes no lock itself, and two owners corrupt the data.
 *
 * Every process that wants it first puts a claim of its own into a folder beside it and then looks at the others'; it
 * has the directory when it sees no other living claim. Of two processes, the one whose claim came later sees the
 * other's, so never both have it, also when both find a dead owner: nobody removes what another may just have put in
 * its place. (A lock file that is removed as stale and made anew, as proper-lockfile does, can be had by two: the
 * second one removes the first one's new lock.)
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DistributedError } from '../../errors';
import { isAlive } from '../../files/processes';

/** How long a claim waits for younger ones to step back, in milliseconds; a step takes less than one. */
const PATIENCE_MS = 1000;
const LOOK_AGAIN_MS = 5;

/** A file whose name says everything, so that no reader meets it half written. */
interface Claim {
  readonly name: string;
  readonly pid: number;
  /** When the process started, in ticks of the kernel's clock; 0 where that cannot be known. */
  readonly started: string;
}

/**
 * @param directory the lock lies beside it, in a folder of its name with `.owner`, as PGlite wants an empty one.
 * @returns gives the lock back.
 * @throws DistributedError `QUEUE_DIRECTORY_IN_USE` with the process that holds it.
 */
export async function lockDirectory(directory: string): Promise<() => void> {
  const folder = `${path.resolve(directory)}.owner`;
  mkdirSync(folder, { recursive: true });
  const own = makeClaim();
  const file = path.join(folder, own.name);
  writeFileSync(file, '', { flag: 'wx' });
  const unlock = () => rmSync(file, { force: true });
  try {
    for (const until = Date.now() + PATIENCE_MS; ; await sleep(LOOK_AGAIN_MS)) {
      const others = livingClaims(folder).filter(({ name }) => name !== own.name);
      if (others.length === 0) return unlock;
      // The older claim goes on and the younger steps back, so that one of them gets it.
      const older = others.find(({ name }) => name < own.name);
      const owner = older ?? (Date.now() > until ? others[0] : undefined);
      if (owner !== undefined) throw inUse(directory, owner.pid);
    }
  } catch (error) {
    unlock();
    throw error;
  }
}

function makeClaim(): Claim {
  const { pid } = process;
  const started = processStat(pid)?.started ?? '0';
  const name = `${String(Date.now()).padStart(15, '0')}-${pid}-${started}-${randomBytes(6).toString('hex')}`;
  return { name, pid, started };
}

/** Claims of processes that run; those of others are removed, which nobody can mind. */
function livingClaims(folder: string): Claim[] {
  return readdirSync(folder).flatMap((name) => {
    const parts = /^\d{15}-(\d+)-(\d+)-[0-9a-f]{12}$/.exec(name);
    if (parts === null) return [];
    const claim = { name, pid: Number(parts[1]), started: parts[2] as string };
    if (isRunning(claim)) return [claim];
    rmSync(path.join(folder, name), { force: true });
    return [];
  });
}

function isRunning({ pid, started }: Claim): boolean {
  if (!isAlive(pid)) return false;
  const stat = processStat(pid);
  if (stat === null) return true;
  // A zombie has closed its files; a process that started at another time only has the number of the one that is gone.
  return !stat.isZombie && (started === '0' || stat.started === started);
}

/** What Linux says about a process; null where it cannot be asked. */
function processStat(pid: number): { readonly started: string; readonly isZombie: boolean } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is a name that may hold anything, spaces and parentheses too.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const started = fields[19];
    return started === undefined ? null : { started, isZombie: fields[0] === 'Z' || fields[0] === 'X' };
  } catch {
    return null;
  }
}

function inUse(directory: string, owner: number): DistributedError {
  return new DistributedError({
    code: 'QUEUE_DIRECTORY_IN_USE',
    message: `The queue's data in ${directory} belongs to process ${owner} that is still running.`,
    remedy: 'Wait for that run to end, or end it.',
  });
}
