/**
 * Whose tests a run is of, as every machine says it.
 */
import path from 'node:path';
import type { JobRecord } from '../blob/blob';
import { type Folders, findRepository } from './folders';
import { readPackageName } from './package-name';

/** A folder relative to its repository, POSIX; null where there is none. */
function inRepository(folder: string): string | null {
  const repository = findRepository(folder);
  return repository === null ? null : path.relative(repository, folder).split(path.sep).join('/');
}

/** @throws DistributedError `PACKAGE_UNREADABLE`. */
export async function describeJob(
  { projectDir, rootDir }: Pick<Folders, 'projectDir' | 'rootDir'>,
  label: string | null,
): Promise<JobRecord> {
  return {
    packageName: await readPackageName(projectDir),
    packageDir: inRepository(projectDir),
    rootDir: inRepository(rootDir),
    label,
  };
}
