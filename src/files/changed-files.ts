/** Files that differ from the commit where this branch began, as git lists them. */
import path from 'node:path';
import { git } from './run-git';

/** Where nobody names a base: what most repositories call it. */
const USUAL = ['origin/HEAD', 'origin/main', 'origin/master', 'main', 'master'];

export interface ChangedFiles {
  /** What the branch was compared with, as it was named. */
  readonly base: string;
  /** Where this branch began. */
  readonly commit: string;
  /** Absolute, sorted: added and modified ones, also those that are not committed. */
  readonly files: readonly string[];
}

async function mergeBase(folder: string, names: readonly string[]): Promise<readonly [string, string] | undefined> {
  for (const name of names) {
    // What begins with a dash would be an option.
    const commit = name.startsWith('-') ? undefined : (await git(folder, ['merge-base', 'HEAD', name]))?.trim();
    if (commit) return [name, commit];
  }
  return undefined;
}

const namesIn = (listed: string | undefined): string[] => (listed ?? '').split('\0').filter(Boolean);

/**
 * @param folder in the repository.
 * @param given a branch or a commit, or null.
 * @param branch the branch that the CI names, or null.
 * @returns undefined where git knows no such base: outside a repository, or in a clone that lacks it.
 */
export async function changedFiles(
  folder: string,
  given: string | null,
  branch: string | null,
): Promise<ChangedFiles | undefined> {
  const names = given !== null ? [given] : branch !== null ? [`origin/${branch}`, branch] : USUAL;
  const found = await mergeBase(folder, names);
  const top = (await git(folder, ['rev-parse', '--show-toplevel']))?.trim();
  if (found === undefined || !top) return undefined;
  const [base, commit] = found;
  const [changed, untracked] = await Promise.all([
    git(top, ['diff', '--name-only', '-z', '--diff-filter=AMR', commit]),
    git(top, ['ls-files', '-z', '--others', '--exclude-standard']),
  ]);
  const files = [...namesIn(changed), ...namesIn(untracked)].map((name) => path.join(top, name));
  return { base, commit, files: [...new Set(files)].sort() };
}

/** A file as a commit has it; undefined where it has none. @param name from the folder. */
export const fileAt = (folder: string, commit: string, name: string): Promise<string | undefined> =>
  git(folder, ['show', `${commit}:./${name}`]);
