/**
 * What git says of a checkout. Every question has "cannot tell" as an answer: without git, without a repository or
 * commit, or where git refuses to look (another user's folder), the caller goes on without.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { git, gitAtOnce } from './run-git';

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
 * staged change) would make equal commits mean different files. False also where git cannot tell.
 */
export async function isTrackedAndUnmodified(file: string, committed = committedBlob(file)): Promise<boolean> {
  const name = await committed;
  if (name === undefined) return false;
  if (rawBlobName(file, name.length) === name) return true;
  // What git stores may differ from what it checks out: line ends, filters.
  const hashed = await git(path.dirname(file), ['hash-object', '--', path.basename(file)]);
  return hashed?.trim() === name;
}

/** The object name that a file has in the commit that is checked out; undefined where it is not there. */
export async function committedBlob(file: string): Promise<string | undefined> {
  const args = ['--literal-pathspecs', 'ls-tree', '-z', 'HEAD', '--', path.basename(file)];
  return /^100\d{3} blob ([0-9a-f]+)\t/.exec((await git(path.dirname(file), args)) ?? '')?.[1];
}

/** The object name of the file as it is, in as many digits; undefined where it cannot be read. */
function rawBlobName(file: string, digits: number): string | undefined {
  try {
    const bytes = readFileSync(file);
    const hash = createHash(digits === 40 ? 'sha1' : 'sha256');
    return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
  } catch {
    return undefined;
  }
}

/**
 * Sizes of all files in the commit that is checked out, whatever the working tree looks like: equal commits give equal
 * sizes on every machine. Symbolic links and submodules are left out.
 *
 * @returns bytes by POSIX path relative to `rootDir` (Unicode NFC); undefined where git cannot tell, and in a partial
 * clone, where the sizes of files that were never fetched would be asked from the network one by one
 */
export async function headSizes(rootDir: string): Promise<ReadonlyMap<string, number> | undefined> {
  if (mayBePartialClone(rootDir) && (await isPartialClone(rootDir))) return undefined;
  const listed = await gitAtOnce(rootDir, ['ls-tree', '-r', '-l', '-z', 'HEAD']);
  if (listed === undefined) return undefined;
  const sizes = new Map<string, number>();
  const nfc = normalizer(listed);
  for (const entry of listed.split('\0')) {
    // <mode> SP <type> SP <object> SP+ <size> TAB <path>
    if (!entry.startsWith('100')) continue;
    const tab = entry.indexOf('\t');
    sizes.set(nfc(entry.slice(tab + 1)), Number(entry.slice(entry.lastIndexOf(' ', tab) + 1, tab)));
  }
  return sizes;
}

/** @returns undefined where git cannot tell. */
export async function headCommit(rootDir: string): Promise<HeadCommit | undefined> {
  const named = await git(rootDir, ['rev-parse', 'HEAD^{commit}', 'HEAD^{tree}']);
  const [commit, tree] = (named ?? '').trim().split('\n');
  return commit && tree ? { commit, tree } : undefined;
}

/** Address that the repository was fetched from, as git has it; undefined where there is none. */
export async function originOf(folder: string): Promise<string | undefined> {
  return (await git(folder, ['config', '--get', 'remote.origin.url']))?.trim() || undefined;
}

/**
 * Searches the files of the working tree that git tracks or could add, as they are on disk, whatever the flags of the
 * index say. Ignored files, symbolic links and submodules are not searched.
 *
 * @param pathspecs which files; at least one.
 * @returns those that do NOT contain the text, so that what is missing was either found or not searched; POSIX paths
 * relative to the folder (Unicode NFC). Undefined where git cannot tell.
 */
export async function filesWithout(
  folder: string,
  text: string,
  pathspecs: readonly string[],
): Promise<ReadonlySet<string> | undefined> {
  const search = ['grep', '-L', '-z', '-F', '--untracked', '--no-color', '--no-recurse-submodules', '-e', text];
  const found = await gitAtOnce(folder, ['-c', 'grep.fullName=false', ...search, '--', ...pathspecs]);
  if (found === undefined) return undefined;
  const names = found.split('\0');
  names.pop();
  return new Set(names.map(normalizer(found)));
}

/** NFC for names of this output: only what is not ASCII can have more than one normal form. */
function normalizer(output: string): (name: string) => string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII itself
  return /[^\x00-\x7f]/.test(output) ? (name) => name.normalize('NFC') : (name) => name;
}

/** The nearest `.git` at or above a folder. */
function findGit(folder: string): string | undefined {
  for (let at = folder; ; at = path.dirname(at)) {
    const found = path.join(at, '.git');
    if (existsSync(found)) return found;
    if (path.dirname(at) === at) return undefined;
  }
}

/** Bytes of the repository's index, about a hundred a file; 0 where there is none, or it is not in the usual place. */
export function indexBytes(folder: string): number {
  const found = findGit(folder);
  if (found === undefined) return 0;
  return statSync(path.join(found, 'index'), { throwIfNoEntry: false })?.size ?? 0;
}

/** False where the repository's own settings rule it out, which they nearly always do; asking git is another process. */
function mayBePartialClone(folder: string): boolean {
  try {
    const settings = readFileSync(path.join(findGit(folder) ?? '', 'config'), 'latin1');
    return /promisor|partialclone|worktreeconfig|\[include/i.test(settings);
  } catch {
    return true;
  }
}

async function isPartialClone(rootDir: string): Promise<boolean> {
  const keys = '^(extensions\\.partialclone|remote\\..*\\.promisor)$';
  // Fails where there is no such setting, which is the usual case.
  const found = await git(rootDir, ['config', '-z', '--get-regexp', keys]);
  return (found ?? '').split('\0').some((setting) => setting !== '' && !/\n(?:false|no|off|0)$/i.test(setting));
}
