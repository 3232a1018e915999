/**
 * Whose tests a run is of, as every machine says it.
 */
import path from 'node:path';
import type { JobRecord } from '../results/blob';
import { type Folders, findRepository } from './folders';
import { readPackageName } from './package-name';

/** Jest's root relative to the repository, POSIX; null where there is no repository. */
function rootInRepository(rootDir: string): string | null {
  const repository = findRepository(rootDir);
  return repository === null ? null : path.relative(repository, rootDir).split(path.sep).join('/');
}

/** @throws DistributedError `PACKAGE_UNREADABLE`. */
export async function describeJob(
  { projectDir, rootDir }: Pick<Folders, 'projectDir' | 'rootDir'>,
  label: string | null,
): Promise<JobRecord> {
  return { packageName: await readPackageName(projectDir), rootDir: rootInRepository(rootDir), label };
}
