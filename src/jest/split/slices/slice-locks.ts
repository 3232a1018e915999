/**
 * Which worker runs which slice of a file.
 *
 * Jest hands a worker a path and a project config. The config is a part of the transform cache's key, so a number in it
 * would keep the cache cold for ever; so the worker that gets the file takes a slice by itself, by making a file that
 * nobody else can make.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DistributedError } from '../../../errors';
import { isAlive } from '../../../files/processes';
import type { FileSelection } from '../../../select/file-selection';

export interface ClaimedSlice {
  readonly selection: FileSelection;
  /** To be called when it has run to its end, so that nobody repeats it. */
  readonly settle: () => void;
}

function claimFolder(selectionFile: string, projectId: string, testPath: string): string {
  const name = createHash('sha1').update(`${projectId}\0${testPath}`).digest('hex');
  return path.join(`${selectionFile}.slices`, name);
}

/** Lets workers share a file; to be called before the first of them gets it. */
export function offerSlices(
  selectionFile: string,
  projectId: string,
  testPath: string,
  slices: readonly FileSelection[],
): void {
  const folder = claimFolder(selectionFile, projectId, testPath);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'slices.json'), JSON.stringify(slices));
}

/**
 * Takes a slice that nobody has.
 *
 * @returns undefined where the file is not shared among workers.
 * @throws DistributedError `SLICES_TAKEN` where the file is run more often than it has slices.
 */
export function claimSlice(selectionFile: string, projectId: string, testPath: string): ClaimedSlice | undefined {
  const folder = claimFolder(selectionFile, projectId, testPath);
  const offered = path.join(folder, 'slices.json');
  if (!existsSync(offered)) return undefined;
  const slices = JSON.parse(readFileSync(offered, 'utf8')) as readonly FileSelection[];
  const claims = slices.map((_, index) => path.join(folder, String(index)));
  // Jest starts a worker that died anew, with the same file: the new one takes a slice of its own here, and what the
  // dead one had is left for the last one to come.
  const taken = claims.find(take) ?? claims.find(takeOver);
  if (taken === undefined) throw allTaken(testPath, slices.length);
  return {
    selection: slices[claims.indexOf(taken)] as FileSelection,
    settle: () => writeFileSync(doneFile(taken), ''),
  };
}

const doneFile = (claim: string): string => `${claim}.done`;

/** Makes a file that is not there yet; of any number of processes one succeeds. */
function take(claim: string): boolean {
  try {
    writeFileSync(claim, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Takes what a process has left undone that is gone. */
function takeOver(claim: string): boolean {
  let last = claim;
  while (existsSync(`${last}.again`)) last = `${last}.again`;
  const pid = Number(readFileSync(last, 'utf8'));
  // An empty claim is one that is being written.
  return !existsSync(doneFile(claim)) && pid > 0 && !isAlive(pid) && take(`${last}.again`);
}

function allTaken(testPath: string, count: number): DistributedError {
  return new DistributedError({
    code: 'SLICES_TAKEN',
    message: `${testPath} is shared among ${count} workers, but one more got it, or one of them died before it finished.`,
    remedy: 'Look above for a worker that crashed; --no-split-local runs the file in one worker.',
  });
}
