/**
 * Names of files' contents as git gives them: read from git's index where a file is unchanged, so that 10,000 files are
 * not read again, and hashed where it is not, or where there is no git.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { nameBelow, portableName } from '../blob/portable-names';
import { GONE_FILE } from '../blob/tree-line';
import { findRepository } from './folders';
import { git } from './run-git';

export interface Contents {
  /** Object name of each file in the order given; null where it cannot be read. */
  readonly names: readonly (string | null)[];
  readonly algorithm: 'sha1' | 'sha256';
  /** Whether tracked files differ from the commit; null where git does not know. */
  readonly dirty: boolean | null;
  /** Tracked files that differ from the commit, without snapshot files: by POSIX path relative to `top`. */
  readonly changed: readonly string[];
  /** Top of the working tree, absolute; null where git does not know. */
  readonly top: string | null;
}

// Tests may replace the functions of `fs` in this very process.
const read = readFile;

/** Files that are read at the same time. */
const AT_ONCE = 16;

/** What git's index says of the files below a folder. */
interface Index {
  /** Object names of regular files without flags, by POSIX path relative to the folder (Unicode NFC). */
  readonly names: ReadonlyMap<string, string>;
  /** As git has them, relative to the top. */
  readonly changed: readonly string[];
  /** From the top to the folder, POSIX, with a slash at its end; empty for the top. */
  readonly prefix: string;
  readonly top: string;
}

const nfc = (name: string): string => name.normalize('NFC');

/** `H 100644 <object> 0 TAB <path>`; other letters than H have flags that hide changes. */
function readEntries(listed: string): Map<string, string> {
  const names = new Map<string, string>();
  for (const entry of listed.split('\0')) {
    const [, object, name] = /^H 100(?:644|755) ([0-9a-f]+) 0\t(.*)$/s.exec(entry) ?? [];
    if (object !== undefined && name !== undefined) names.set(nfc(name), object);
  }
  return names;
}

/** Asks git for tracked files that differ from the commit. */
const STATUS = ['status', '--porcelain', '-z', '--no-renames', '--untracked-files=no', '--ignore-submodules'];

async function readIndex(folder: string): Promise<Index | undefined> {
  const repository = findRepository(folder);
  if (repository === null) return undefined;
  const [listed, status, shown] = await Promise.all([
    git(folder, ['ls-files', '-s', '-v', '-z']),
    git(folder, STATUS),
    git(folder, ['rev-parse', '--show-prefix']),
  ]);
  if (listed === undefined || status === undefined || shown === undefined) return undefined;
  const prefix = shown.replace(/\n$/, '');
  const top = path.resolve(folder, ...prefix.split('/').filter(Boolean).fill('..'));
  const changed = status.split('\0').flatMap((entry) => (entry === '' ? [] : [entry.slice(3)]));
  return { names: readEntries(listed), prefix, changed, top };
}

function hashRaw(bytes: Buffer, algorithm: Contents['algorithm']): string {
  return createHash(algorithm).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

async function hashFiles(
  files: readonly string[],
  algorithm: Contents['algorithm'],
  take: (index: number, name: string | null) => void,
): Promise<void> {
  let next = 0;
  const work = async () => {
    for (let index = next++; index < files.length; index = next++) {
      const bytes = await read(files[index] as string).catch(() => null);
      take(index, bytes && hashRaw(bytes, algorithm));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** What git would store of files that it has in another version, or not at all: line ends and filters count. */
async function hashByGit(top: string, files: readonly string[]): Promise<readonly string[] | undefined> {
  // Git reads them relative to the top, wherever it was started.
  const names = files.map((file) => nameBelow(top, file));
  if (names.some((name) => /[\r\n]|^"/.test(name))) return undefined;
  const hashed = await git(top, ['hash-object', '--stdin-paths'], `${names.join('\n')}\n`);
  const lines = hashed?.trimEnd().split('\n');
  return lines?.length === names.length ? lines : undefined;
}

/**
 * Git has been started when this returns; reading goes on beside other work. It never fails: what is not known is null.
 *
 * @param folder Jest's root.
 * @param files absolute paths.
 */
export async function readContents(folder: string, files: readonly string[]): Promise<Contents> {
  const index = await readIndex(folder);
  const prefix = index?.prefix ?? '';
  const inFolder = (index?.changed ?? []).filter((name) => name.startsWith(prefix));
  const changed = new Set(inFolder.map((name) => nfc(name.slice(prefix.length))));
  const names: (string | null)[] = files.map(() => null);
  const open: number[] = [];
  files.forEach((file, place) => {
    const relative = portableName(folder, file);
    const known = changed.has(relative) ? undefined : index?.names.get(relative);
    if (known === undefined) open.push(place);
    else names[place] = known;
  });
  const [first] = index?.names.values() ?? [];
  const algorithm = first?.length === 64 ? 'sha256' : 'sha1';
  const paths = open.map((place) => files[place] as string);
  const hashed = index && paths.length > 0 ? await hashByGit(index.top, paths) : undefined;
  if (hashed !== undefined)
    open.forEach((place, at) => {
      names[place] = hashed[at] ?? null;
    });
  else
    await hashFiles(paths, algorithm, (at, name) => {
      names[open[at] as number] = name;
    });
  return {
    names,
    algorithm,
    dirty: index === undefined ? null : index.changed.length > 0,
    changed: (index?.changed ?? []).filter((name) => !isSnapshot(name)),
    top: index?.top ?? null,
  };
}

/** What tests write into the checkout by themselves. */
const isSnapshot = (name: string): boolean => name.endsWith('.snap');

/** Names of the contents of changed files by their path; of one that was deleted, `GONE_FILE`. */
export async function hashChanges({ changed, top }: Contents): Promise<Readonly<Record<string, string>>> {
  const contents: (string | null)[] = changed.map(() => null);
  const paths = changed.map((name) => path.join(top as string, ...name.split('/')));
  await hashFiles(paths, 'sha1', (index, name) => {
    contents[index] = name;
  });
  return Object.fromEntries(changed.map((name, index) => [nfc(name), contents[index] ?? GONE_FILE]));
}
