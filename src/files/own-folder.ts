/**
 * The folder `.jest-distributed`: reports, timings, plans and queues of a project.
 */
import * as fs from 'node:fs';
import path from 'node:path';

// Taken when this module is loaded: in band a test that replaces members of `fs` replaces them for us too.
const { mkdirSync, readdirSync, writeFileSync } = fs;

export const OWN_FOLDER = '.jest-distributed';

const TIMINGS_NAME = 'timings.json';

/** Only the timings are worth a commit. */
const GIT_IGNORE = `*\n!.gitignore\n!${TIMINGS_NAME}\n`;

/** The part of a path that ends in the folder of ours; undefined where it leads to no such folder. */
function ownPart(folder: string): string | undefined {
  const parts = path.resolve(folder).split(path.sep);
  const index = parts.lastIndexOf(OWN_FOLDER);
  return index < 0 ? undefined : parts.slice(0, index + 1).join(path.sep);
}

/** Keeps results out of git. A folder that holds more than committed timings is somebody's decision and stays as it is. */
function ignoreResults(folder: string): void {
  try {
    if (readdirSync(folder).some((name) => name !== TIMINGS_NAME)) return;
    writeFileSync(path.join(folder, '.gitignore'), GIT_IGNORE, { flag: 'wx' });
  } catch {
    // Another node has just written it, or the folder cannot be written to: then what is to be written there says so.
  }
}

/** Makes a folder with all that are above it. Where `.jest-distributed` is among them it keeps itself out of git. */
export function makeFolder(folder: string): void {
  const own = ownPart(folder);
  if (own !== undefined) {
    mkdirSync(own, { recursive: true });
    ignoreResults(own);
  }
  mkdirSync(folder, { recursive: true });
}
