/**
 * Finds blobs.
 */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { DistributedError } from '../errors';
import { BLOB_SUFFIX, PARTIAL_SUFFIX } from './blob-file';

/**
 * All blobs below the given folders (or files), sorted by path.
 *
 * @throws DistributedError `REPORT_DIR_MISSING` where a folder does not exist.
 */
export function listBlobs(places: readonly string[]): string[] {
  const found = new Set<string>();
  for (const place of places) {
    let isFolder: boolean;
    try {
      isFolder = statSync(place).isDirectory();
    } catch (cause) {
      throw new DistributedError({
        code: 'REPORT_DIR_MISSING',
        message: `There is no ${place} to read blobs from.`,
        remedy:
          'Name the folder that holds the artifacts of all nodes. Nodes write there when they run with `npx jest-distributed run`, or with jest-distributed/reporter among their reporters.',
        cause,
      });
    }
    if (!isFolder) {
      found.add(path.resolve(place));
      continue;
    }
    for (const name of readdirSync(place, { recursive: true, encoding: 'utf8' })) {
      if (name.endsWith(BLOB_SUFFIX) || name.endsWith(PARTIAL_SUFFIX)) found.add(path.resolve(place, name));
    }
  }
  return [...found].sort();
}
