/** The file by which a test runner shows Bazel that it has understood its shard. */
import { closeSync, mkdirSync, openSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { DistributedError } from '../errors';

/**
 * Creates the file, or sets its times where it is there: Bazel fails a sharded test that did neither.
 *
 * @param file path as the variable gives it; its content stays.
 * @throws DistributedError `STATUS_FILE_UNWRITABLE`: Bazel would fail the shard in the end, and could not say why.
 */
export function touchStatusFile(file: string): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    closeSync(openSync(file, 'a'));
    const now = new Date();
    utimesSync(file, now, now);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new DistributedError({
      code: 'STATUS_FILE_UNWRITABLE',
      message: `The shard status file ${file} (from TEST_SHARD_STATUS_FILE) cannot be created: ${code ?? message}.`,
      remedy: 'Bazel fails a sharded test without it: let the sandbox allow writing there.',
      cause,
    });
  }
}
