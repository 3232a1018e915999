/**
 * Where a `run --local` keeps what it needs and leaves: plan, blobs, and what its nodes printed. A folder for each run,
 * so that two at once do not disturb each other; kept until the next one begins, because printed commands name it.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { makeFolder, OWN_FOLDER } from '../../files/own-folder';
import { isAlive } from '../../files/processes';

export interface LocalFolder {
  /** Absolute. */
  readonly path: string;
  readonly planPath: string;
  readonly reportDir: string;
  /** @param node 1-based. */
  readonly logOf: (node: number) => string;
}

const LOCAL_FOLDER = path.join(OWN_FOLDER, 'local');
const OWNER_FILE = 'owner.json';

/** A run of another machine (a container with the same checkout) cannot be asked whether it lives: it has this long. */
const FOREIGN_MS = 24 * 60 * 60 * 1000;

interface Owner {
  readonly pid: number;
  readonly host: string;
}

function isInUse(folder: string): boolean {
  try {
    const { pid, host } = JSON.parse(readFileSync(path.join(folder, OWNER_FILE), 'utf8')) as Owner;
    if (host === hostname()) return pid !== process.pid && isAlive(pid);
  } catch {
    // Just being made, or not ours: its age decides.
  }
  return Date.now() - statSync(folder).mtimeMs < FOREIGN_MS;
}

function removeFormer(parent: string): void {
  for (const name of readdirSync(parent)) {
    const folder = path.join(parent, name);
    try {
      if (statSync(folder).isDirectory() && !isInUse(folder)) rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another run that begins now removes it too, or it is somebody else's: neither stops this run.
    }
  }
}

/** Makes the folder of a new run below the project's own and removes those of runs that have ended. */
export function makeLocalFolder(project: string): LocalFolder {
  const parent = path.join(project, LOCAL_FOLDER);
  makeFolder(parent);
  removeFormer(parent);
  const folder = path.join(parent, `${Date.now().toString(36)}-${process.pid}`);
  const reportDir = path.join(folder, 'report');
  mkdirSync(reportDir, { recursive: true });
  const owner: Owner = { pid: process.pid, host: hostname() };
  writeFileSync(path.join(folder, OWNER_FILE), JSON.stringify(owner));
  return {
    path: folder,
    planPath: path.join(folder, 'plan.json'),
    reportDir,
    logOf: (node) => path.join(folder, `node-${node}.log`),
  };
}
