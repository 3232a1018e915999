/** The timings store on disk. */
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { DistributedError, isDistributedError } from '../errors';
import { parseTimings } from '../timings/parse-timings';
import type { Timings } from '../timings/timings';
import { serializeTimings } from '../timings/timings-format';
import { makeFolder } from './own-folder';

/**
 * Reads a timings file.
 *
 * @param namedBy where the path came from, if somebody asked for this file: then it must exist
 * @returns undefined where nobody asked for the file and there is none
 * @throws DistributedError TIMINGS_MISSING, TIMINGS_UNREADABLE, or what `parseTimings` finds wrong with it
 */
export async function readTimingsFile(file: string, namedBy?: string): Promise<Timings | undefined> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const code = errorCode(cause);
    if (code === 'ENOENT' && namedBy === undefined) return undefined;
    throw unreadable(file, namedBy, code, cause);
  }
  return parseTimings(text, file);
}

/**
 * Writes a timings file in one step: a reader finds the old or the new one, never half of it, and so does a run that is
 * killed. What is already there with this content is left alone, with its time of change. Missing folders are made; the
 * file keeps its mode, and a symbolic link stays one.
 *
 * @throws DistributedError TIMINGS_UNWRITABLE, TIMINGS_UNSOUND
 */
export async function writeTimingsFile(file: string, timings: Timings): Promise<'written' | 'unchanged'> {
  const text = soundText(timings, file);
  try {
    const target = realPath(file);
    if (contentOf(target) === text) return 'unchanged';
    makeFolder(path.dirname(target));
    replace(target, text);
    return 'written';
  } catch (cause) {
    throw new DistributedError({
      code: 'TIMINGS_UNWRITABLE',
      message: `The timings file ${file} cannot be written: ${errorCode(cause)}.`,
      remedy: 'Make its folder writable, or name another file with --timings.',
      cause,
    });
  }
}

/**
 * The text of a store, read as the next run will read it: one that it could not read would stop every node.
 *
 * @throws DistributedError TIMINGS_UNSOUND
 */
function soundText(timings: Timings, file: string): string {
  const text = serializeTimings(timings);
  try {
    for (const { tests } of parseTimings(text, file).files.values()) void tests;
    return text;
  } catch (cause) {
    throw new DistributedError({
      code: 'TIMINGS_UNSOUND',
      message: `What this run adds to the timings file ${file} could not be read again: ${isDistributedError(cause) ? cause.fact.split('\n')[0] : String(cause)}`,
      remedy: 'The file is left as it was. Please report this, with the name and the duration of that test file.',
      cause,
    });
  }
}

function replace(target: string, text: string): void {
  // In the same folder, because a rename is atomic only inside one file system.
  const temporary = path.join(path.dirname(target), `.${path.basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const handle = openSync(temporary, 'wx');
    try {
      writeFileSync(handle, text);
      // Else a crash of the machine can leave the new name with no content.
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    const before = statSync(target, { throwIfNoEntry: false });
    if (before !== undefined) chmodSync(temporary, before.mode);
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Git on Windows may have checked the file out with its own line ends; that is no change. */
function contentOf(target: string): string | undefined {
  try {
    return readFileSync(target, 'utf8').replaceAll('\r\n', '\n');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return path.resolve(file);
    throw error;
  }
}

function unreadable(file: string, namedBy: string | undefined, code: string, cause: unknown): DistributedError {
  const from = namedBy === undefined ? '' : ` (from ${namedBy})`;
  if (code === 'ENOENT') {
    return new DistributedError({
      code: 'TIMINGS_MISSING',
      message: `There is no timings file ${file}${from}.`,
      remedy: 'Correct the path, or remove the option: without timings the plan uses file sizes.',
      cause,
    });
  }
  const what = code === 'EISDIR' ? 'it is a folder' : code;
  return new DistributedError({
    code: 'TIMINGS_UNREADABLE',
    message: `The timings file ${file}${from} cannot be read: ${what}.`,
    remedy: 'Name a readable file with --timings.',
    cause,
  });
}

function errorCode(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
