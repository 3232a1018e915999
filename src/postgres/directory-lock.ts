/** One owner at a time for a PGlite's data directory: PGlite takes no lock itself, and two owners corrupt the data. */
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DistributedError } from '../errors';

/**
 * @param directory is made where it is missing; the lock lies beside it, as PGlite wants an empty one.
 * @returns gives the lock back.
 * @throws DistributedError `QUEUE_DIRECTORY_IN_USE` with the process that holds it.
 */
export function lockDirectory(directory: string): () => void {
  const file = `${path.resolve(directory)}.lock`;
  mkdirSync(path.dirname(file), { recursive: true });
  // Written aside and then linked: whoever sees the lock sees whose it is.
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    if (!tryLink(mine, file)) {
      const owner = readOwner(file);
      if (owner !== undefined && isAlive(owner)) throw inUse(directory, owner);
      // Its owner was killed.
      rmSync(file, { force: true });
      if (!tryLink(mine, file)) throw inUse(directory, readOwner(file));
    }
  } finally {
    rmSync(mine, { force: true });
  }
  return () => rmSync(file, { force: true });
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readOwner(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is alive too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function inUse(directory: string, owner: number | undefined): DistributedError {
  return new DistributedError({
    code: 'QUEUE_DIRECTORY_IN_USE',
    message: `The queue's data in ${directory} belongs to ${owner === undefined ? 'another process' : `process ${owner}`} that is still running.`,
    remedy: 'Wait for that run to end, or end it.',
  });
}
