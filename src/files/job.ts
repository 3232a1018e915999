/**
 * Whose tests a run is of, as every machine says it.
 */
import type { JobRecord } from '../blob/blob';
import { portableName } from '../blob/portable-names';
import { type Folders, findRepository } from './folders';
import { readPackageName } from './package-name';

/** A folder relative to its repository, POSIX; null where there is none. */
function inRepository(folder: string): string | null {
  const repository = findRepository(folder);
  return repository === null ? null : portableName(repository, folder);
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
