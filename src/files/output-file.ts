/** Files that a person asks a command to write. */
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DistributedError } from '../errors';

const REASONS: Readonly<Record<string, string>> = {
  ENOTDIR: 'its folder is a file',
  EEXIST: 'its folder is a file',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not write to it',
  EPERM: 'this user may not write to it',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

function unwritable(file: string, cause: unknown): DistributedError {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  return new DistributedError({
    code: 'OUTPUT_UNWRITABLE',
    message: `${file} cannot be written: ${REASONS[code] ?? message}.`,
    remedy: 'Name another file.',
    cause,
  });
}

/**
 * Empties the file, or makes it and its folder.
 *
 * @param file relative to the working directory, as it was typed.
 * @returns a descriptor, to be closed by the caller.
 * @throws DistributedError `OUTPUT_UNWRITABLE`.
 */
export function openOutput(file: string): number {
  try {
    mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
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
