/**
 * What git says of a checkout. Every question has "not known" as an answer: without git, without a repository or
 * commit, or where git refuses to look (another user's folder), the caller goes on without.
 */
import path from 'node:path';
import { git } from './run-git';

/** The commit that is checked out. */
export interface HeadCommit {
  /** Full hexadecimal object name. */
  readonly commit: string;
  /** Object name of its tree: two commits of one tree hold the same files. */
  readonly tree: string;
}

/**
 * Tells whether the file is in the commit that is checked out, with this very content (as git would store it, so line
 * ends that git converts do not count).
 *
 * It compares content with the commit itself and not with the index, whose flags (assume-unchanged, skip-worktree, a
 * staged change) would make equal commits mean different files. False also where git does not know.
 */
export async function isTrackedAndUnmodified(file: string): Promise<boolean> {
  const [folder, name] = [path.dirname(file), path.basename(file)];
  const [listed, hashed] = await Promise.all([
    git(folder, ['--literal-pathspecs', 'ls-tree', '-z', 'HEAD', '--', name]),
    git(folder, ['hash-object', '--', name]),
  ]);
  const [, committed] = /^100\d{3} blob ([0-9a-f]+)\t/.exec(listed ?? '') ?? [];
  return committed !== undefined && hashed?.trim() === committed;
}

/** Whether the commit that is checked out has a file of this path, whatever stands in it now; false where git does not know. */
export async function isInCommit(file: string): Promise<boolean> {
  const listed = await git(path.dirname(file), [
    ...['--literal-pathspecs', 'ls-tree', '-z', 'HEAD', '--', path.basename(file)],
  ]);
  return /^100\d{3} blob /.test(listed ?? '');
}

/**
 * Sizes of all files in the commit that is checked out, whatever the working tree looks like: equal commits give equal
 * sizes on every machine. Symbolic links and submodules are left out.
 *
 * @returns bytes by POSIX path relative to `rootDir` (Unicode NFC); undefined where git does not know, and in a partial
 * clone, where the sizes of files that were never fetched would be asked from the network one by one
 */
export async function headSizes(rootDir: string): Promise<ReadonlyMap<string, number> | undefined> {
  if (await isPartialClone(rootDir)) return undefined;
  const listed = await git(rootDir, ['ls-tree', '-r', '-l', '-z', 'HEAD']);
  if (listed === undefined) return undefined;
  const sizes = new Map<string, number>();
  for (const entry of listed.split('\0')) {
    // <mode> SP <type> SP <object> SP+ <size> TAB <path>
    if (!entry.startsWith('100')) continue;
    const tab = entry.indexOf('\t');
    sizes.set(entry.slice(tab + 1).normalize('NFC'), Number(entry.slice(entry.lastIndexOf(' ', tab) + 1, tab)));
  }
  return sizes;
}

/** @returns undefined where git does not know. */
export async function headCommit(rootDir: string): Promise<HeadCommit | undefined> {
  const named = await git(rootDir, ['rev-parse', 'HEAD^{commit}', 'HEAD^{tree}']);
  const [commit, tree] = (named ?? '').trim().split('\n');
  return commit && tree ? { commit, tree } : undefined;
}

/** How far back a run is looked for that another can be compared with. */
const NEAR_COMMITS = 200;

/** The commit that is checked out and the ones before it, nearest first; fewer in a shallow clone, none where git does not know. */
export async function nearCommits(folder: string): Promise<string[]> {
  const listed = await git(folder, ['rev-list', `--max-count=${NEAR_COMMITS}`, 'HEAD']);
  return (listed ?? '').split('\n').filter(Boolean);
}

/** The branch that is checked out, though it may have no commit yet; null where HEAD is detached, and where git does not know. */
export async function checkedOutBranch(folder: string): Promise<string | null> {
  return (await git(folder, ['symbolic-ref', '--quiet', '--short', 'HEAD']))?.trim() || null;
}

/** Address that the repository was fetched from, as git has it; undefined where there is none. */
export async function originOf(folder: string): Promise<string | undefined> {
  return (await git(folder, ['config', '--get', 'remote.origin.url']))?.trim() || undefined;
}

async function isPartialClone(rootDir: string): Promise<boolean> {
  const keys = '^(extensions\\.partialclone|remote\\..*\\.promisor)$';
  // Fails where there is no such setting, which is the usual case.
  const found = await git(rootDir, ['config', '-z', '--get-regexp', keys]);
  return (found ?? '').split('\0').some((setting) => setting !== '' && !/\n(?:false|no|off|0)$/i.test(setting));
}
