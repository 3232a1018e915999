/**
 * What git says of a checkout. Every question has "cannot tell" as an answer: without git, without a repository or
 * commit, or where git refuses to look (another user's folder), the caller goes on without.
 */
import { execFile } from 'node:child_process';
import path from 'node:path';

/** The commit that is checked out. */
export interface HeadCommit {
  /** Full hexadecimal object name. */
  readonly commit: string;
  /** Whether tracked files differ from it; undefined where nobody asked. */
  readonly dirty?: boolean;
}

/**
 * Tells whether the file is in the commit that is checked out, with this very content (as git would store it, so line
 * ends that git converts do not count).
 *
 * It compares content with the commit itself and not with the index, whose flags (assume-unchanged, skip-worktree, a
 * staged change) would make equal commits mean different files. False also where git cannot tell.
 */
export async function isTrackedAndUnmodified(file: string): Promise<boolean> {
  const folder = path.dirname(file);
  const name = path.basename(file);
  const [listed, hashed] = await Promise.all([
    git(folder, ['--literal-pathspecs', 'ls-tree', '-z', 'HEAD', '--', name]),
    git(folder, ['hash-object', '--', name]),
  ]);
  const entry = /^100\d{3} blob ([0-9a-f]+)\t/.exec(listed ?? '');
  return entry !== null && entry[1] === hashed?.trim();
}

/**
 * Sizes of all files in the commit that is checked out, whatever the working tree looks like: equal commits give equal
 * sizes on every machine. Symbolic links and submodules are left out.
 *
 * @returns bytes by POSIX path relative to `rootDir` (Unicode NFC); undefined where git cannot tell, and in a partial
 * clone, where the sizes of files that were never fetched would be asked from the network one by one
 */
export async function headSizes(rootDir: string): Promise<ReadonlyMap<string, number> | undefined> {
  if (await isPartialClone(rootDir)) return undefined;
  const listed = await git(rootDir, ['ls-tree', '-r', '-l', '-z', 'HEAD']);
  if (listed === undefined) return undefined;
  const sizes = new Map<string, number>();
  for (const entry of listed.split('\0')) {
    // <mode> SP <type> SP <object> SP+ <size> TAB <path>
    const tab = entry.indexOf('\t');
    if (!entry.startsWith('100')) continue;
    sizes.set(entry.slice(tab + 1).normalize('NFC'), Number(entry.slice(entry.lastIndexOf(' ', tab) + 1, tab)));
  }
  return sizes;
}

/**
 * @param dirty whether to look for changes in tracked files too, which makes git look at every one of them
 * @returns undefined where git cannot tell
 */
export async function headCommit(
  rootDir: string,
  { dirty = false }: { readonly dirty?: boolean } = {},
): Promise<HeadCommit | undefined> {
  const [commit, changes] = await Promise.all([
    git(rootDir, ['rev-parse', '--verify', 'HEAD^{commit}']),
    dirty ? git(rootDir, ['status', '--porcelain', '-z', '--untracked-files=no']) : undefined,
  ]);
  if (commit === undefined) return undefined;
  return changes === undefined ? { commit: commit.trim() } : { commit: commit.trim(), dirty: changes !== '' };
}

export interface SearchedFiles {
  /** Files of the working tree that contain the text; POSIX paths relative to the folder (Unicode NFC). */
  readonly matched: ReadonlySet<string>;
  /** All that git looked into. */
  readonly searched: ReadonlySet<string>;
}

/**
 * Searches the files of the working tree that git tracks or could add; ignored files, symbolic links and submodules are
 * not searched.
 *
 * @param pathspecs which files; at least one.
 * @returns undefined where git cannot tell
 */
export async function filesContaining(
  folder: string,
  text: string,
  pathspecs: readonly string[],
): Promise<SearchedFiles | undefined> {
  const search = ['grep', '-l', '-z', '-F', '--untracked', '--no-color', '--no-recurse-submodules', '-e', text];
  const [matched, searched] = await Promise.all([
    // Exit code 1 is "found nothing", and also what some errors are; then the list of all files fails too.
    git(folder, ['-c', 'grep.fullName=false', ...search, '--', ...pathspecs], [1]),
    git(folder, ['ls-files', '-z', '-v', '--cached', '--others', '--exclude-standard', '--', ...pathspecs]),
  ]);
  if (matched === undefined || searched === undefined) return undefined;
  return {
    matched: new Set(namesIn(matched)),
    // Of others (skip-worktree, assume-unchanged) git looks at the content in its index.
    searched: new Set(namesIn(searched).flatMap((name) => (/^[H?] /.test(name) ? [name.slice(2)] : []))),
  };
}

function namesIn(output: string): string[] {
  return output
    .split('\0')
    .filter(Boolean)
    .map((name) => name.normalize('NFC'));
}

async function isPartialClone(rootDir: string): Promise<boolean> {
  const keys = '^(extensions\\.partialclone|remote\\..*\\.promisor)$';
  // Fails where there is no such setting, which is the usual case.
  const found = await git(rootDir, ['config', '-z', '--get-regexp', keys]);
  return (found ?? '').split('\0').some((setting) => setting !== '' && !/\n(?:false|no|off|0)$/i.test(setting));
}

/** The output of a git command, or undefined where it failed. @param answers exit codes besides 0 that are answers. */
function git(folder: string, args: readonly string[], answers: readonly number[] = []): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { cwd: folder, env: gitEnvironment(), maxBuffer: Number.POSITIVE_INFINITY, windowsHide: true };
    // An error is an answer here: ENOENT (no git, no folder), or an exit code that says why.
    execFile('git', args, options, (error, stdout) => {
      const isAnswer = error === null || (typeof error.code === 'number' && answers.includes(error.code));
      resolve(isAnswer ? stdout : undefined);
    });
  });
}

// Set inside git's hooks, where they would point git at another repository or index than the folder's own.
const hookVariables = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX', 'GIT_OBJECT_DIRECTORY'];

function gitEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !hookVariables.includes(name.toUpperCase()));
  return {
    ...Object.fromEntries(inherited),
    LC_ALL: 'C',
    // We only look: never take the index lock from the user's own git, never fetch, never ask for a password.
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_TERMINAL_PROMPT: '0',
  };
}
