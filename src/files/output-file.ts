/** Files that a person asks a command to write. */
import { closeSync, openSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DistributedError } from '../errors';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'its folder is a file',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not write to it',
  EPERM: 'this user may not write to it',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

function unwritable(file: string, cause: unknown): DistributedError {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  const folder = path.dirname(file);
  return new DistributedError({
    code: 'OUTPUT_UNWRITABLE',
    message: `${file} cannot be written: ${REASONS[code] ?? message}.`,
    remedy: code === 'ENOENT' ? `Make the folder ${folder} first, or name another file.` : 'Name another file.',
    cause,
  });
}

/**
 * Empties the file, or makes it.
 *
 * @param file relative to the working directory, as it was typed.
 * @returns a descriptor, to be closed by the caller.
 * @throws DistributedError `OUTPUT_UNWRITABLE`.
 */
export function openOutput(file: string): number {
  try {
    return openSync(path.resolve(file), 'w');
  } catch (cause) {
    throw unwritable(file, cause);
  }
}

/** @throws DistributedError `OUTPUT_UNWRITABLE`. */
export function writeOutput(file: string, text: string): void {
  const descriptor = openOutput(file);
  try {
    writeFileSync(descriptor, text);
  } catch (cause) {
    throw unwritable(file, cause);
  } finally {
    closeSync(descriptor);
  }
}
