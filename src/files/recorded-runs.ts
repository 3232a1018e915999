/**
 * Finds what an earlier run left on this machine: by its folder, by its id, or the last one.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { folderName } from '../blob/folder-name';
import { DistributedError } from '../errors';
import { listBlobs } from './blob-list';
import type { Folders } from './folders';
import { OWN_FOLDER } from './own-folder';

/** Blobs of one run. */
export interface RecordedRun {
  /** Absolute paths of folders with blobs. */
  readonly places: readonly string[];
  /** Null: the newest one in there. */
  readonly runId: string | null;
}

/** The report folder, and those of `run --local`, which has one for each run. */
function reportFolders({ projectDir }: Pick<Folders, 'projectDir'>, reportDir: string): string[] {
  const local = path.join(projectDir, OWN_FOLDER, 'local');
  const runs = existsSync(local) ? readdirSync(local).map((name) => path.join(local, name, 'report')) : [];
  return [reportDir, ...runs].filter((folder) => existsSync(folder));
}

function newestBlobMs(folder: string): number {
  return listBlobs([folder]).files.reduce((newest, file) => Math.max(newest, statSync(file).mtimeMs), 0);
}

/** The run that ended last of all that left a blob here; undefined where none did. */
export function findLastRun(folders: Pick<Folders, 'projectDir'>, reportDir: string): RecordedRun | undefined {
  const dated = reportFolders(folders, reportDir).map((folder) => ({ folder, newest: newestBlobMs(folder) }));
  const last = dated.filter(({ newest }) => newest > 0).sort((a, b) => b.newest - a.newest)[0];
  return last && { places: [last.folder], runId: null };
}

const severalRuns = (given: string, places: readonly string[]): DistributedError =>
  new DistributedError({
    code: 'RECORDED_RUN_UNKNOWN',
    message: `Several runs have the id ${given}:${places.map((place) => `\n    ${path.relative(process.cwd(), place)}`).join('')}`,
    remedy: 'Give one of these folders, or "last".',
  });

/**
 * @param given a folder with blobs or a blob, or the id of a run.
 * @throws DistributedError `RECORDED_RUN_UNKNOWN`.
 */
export function findRun(given: string, folders: Pick<Folders, 'projectDir'>, reportDir: string): RecordedRun {
  const place = path.resolve(given);
  if (existsSync(place)) return { places: [place], runId: null };
  const places = reportFolders(folders, reportDir)
    .map((folder) => path.join(folder, folderName(given)))
    .filter((folder) => existsSync(folder));
  const [first] = places;
  // Outside of a CI every run has the same id: the report folder is that of `run`, the others are those of `run --local`.
  const isClear = places.length === 1 || first === path.join(reportDir, folderName(given));
  if (first !== undefined && isClear) return { places: [first], runId: given };
  if (first !== undefined) throw severalRuns(given, places);
  throw new DistributedError({
    code: 'RECORDED_RUN_UNKNOWN',
    message: `There is no folder ${given}, and no run of that id in ${path.relative(process.cwd(), reportDir) || '.'}.`,
    remedy: 'Download the blobs of that run, and give the folder that they are in.',
  });
}
