/** Which files of a checkout belong on a host: what git tracks, and what it neither tracks nor ignores. */
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { nameBelow } from '../../blob/portable-names';
import { DistributedError } from '../../errors';
import { git } from '../../files/run-git';

const LIST = ['-c', 'core.quotePath=false', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'];

async function listRepository(top: string, prefix: string): Promise<string[]> {
  const listed = await git(path.join(top, prefix), LIST);
  if (listed === undefined) {
    throw new DistributedError({
      code: 'HOSTS_NEED_GIT',
      message: `git cannot list the files of ${path.join(top, prefix)}, and what is copied to hosts is what git tracks.`,
      remedy: 'Run "git status" there and follow what it says; in a folder without a repository, run "git init" once.',
    });
  }
  const names = listed.split('\0').filter(Boolean);
  const lists = names.map(async (listedName) => {
    // Git has a slash at the end of a repository inside that it does not track.
    const name = prefix + listedName.replace(/\/$/, '');
    const stats = lstatSync(path.join(top, name), { throwIfNoEntry: false });
    if (stats === undefined && listedName.includes('\ufffd')) throw unreadableName(listedName);
    // A submodule, or another repository inside.
    if (stats?.isDirectory()) return existsSync(path.join(top, name, '.git')) ? listRepository(top, `${name}/`) : [];
    return [name];
  });
  return (await Promise.all(lists)).flat();
}

function unreadableName(name: string): DistributedError {
  return new DistributedError({
    code: 'HOST_FILE_NAME',
    message: `The name of the file ${JSON.stringify(name)} is not UTF-8, so it cannot be copied.`,
    remedy: 'Rename it, or let git ignore it.',
  });
}

/** Files at or below a path, POSIX. */
function walk(top: string, name: string): string[] {
  const stats = lstatSync(path.join(top, name), { throwIfNoEntry: false });
  if (stats === undefined) return [];
  if (!stats.isDirectory()) return [name];
  return readdirSync(path.join(top, name))
    .filter((entry) => entry !== '.git')
    .flatMap((entry) => walk(top, `${name}/${entry}`));
}

/** What git ignores and a person wants on the hosts. */
function listCopied(top: string, copied: readonly string[]): string[] {
  return copied.flatMap((given) => {
    const name = nameBelow(top, path.resolve(top, given));
    const files = name === '' || name.startsWith('../') ? [] : walk(top, name);
    if (files.length > 0) return files;
    throw new DistributedError({
      code: 'HOST_COPY_MISSING',
      message: `${JSON.stringify(given)} (from copy of hosts in the config file) is no file or folder in ${top}.`,
      remedy: 'Make it before the run, or remove it from "copy". Paths are relative to the top of the repository.',
    });
  });
}

/**
 * @param top of the repository, absolute.
 * @param copied relative to it.
 * @returns POSIX paths relative to it.
 * @throws DistributedError `HOSTS_NEED_GIT`, `HOST_COPY_MISSING`, `HOST_FILE_NAME`.
 */
export async function listCheckout(top: string, copied: readonly string[]): Promise<string[]> {
  return [...(await listRepository(top, '')), ...listCopied(top, copied)].filter((name) => name !== '.git');
}
