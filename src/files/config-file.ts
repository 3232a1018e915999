import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { LilconfigResult } from 'lilconfig';
import { DistributedError } from '../errors';
import type { ConfigFile } from '../options/config';

import { hideSecrets } from '../options/hide-secrets';
import { type Folders, isWithin, shownPath } from './folders';

const key = 'jest-distributed';
const places = ['package.json', ...['json', 'js', 'cjs', 'mjs', 'ts'].map((extension) => `${key}.config.${extension}`)];

/** Where settings may stand. A root outside of the project differs between machines, and nodes must not plan by it. */
function foldersOf({ projectDir, rootDir }: ConfigFolders): string[] {
  return rootDir !== projectDir && isWithin(rootDir, projectDir) ? [projectDir, rootDir] : [projectDir];
}

export type ConfigFolders = Pick<Folders, 'workingDir' | 'projectDir' | 'rootDir'>;

/**
 * Loads the settings from the project folder, or from Jest's root where that lies below it; null where there are none.
 *
 * Folders above the project are not searched: what lies outside the checkout differs between machines. A symbolic link
 * is the project's own and is followed.
 *
 * @throws DistributedError `CONFIG_UNREADABLE` where a file cannot be loaded, `CONFIG_TWICE` where there are two.
 */
export async function loadConfigFile(folders: ConfigFolders): Promise<ConfigFile | null> {
  const found: ConfigFile[] = [];
  for (const folder of foldersOf(folders)) {
    for (const place of places.filter((name) => existsSync(path.join(folder, name)))) {
      const result = await load(folder, place);
      if (result === null) continue;
      const shown = shownPath(path.join(folder, place), folders.workingDir);
      found.push({ path: shown, folder, values: result.isEmpty ? '' : result.config });
    }
  }
  if (found.length > 1) {
    throw new DistributedError({
      code: 'CONFIG_TWICE',
      message: `There are settings in ${found.map(({ path: name }) => name).join(' and in ')}.`,
      remedy: 'Keep them in one place.',
    });
  }
  return found[0] ?? null;
}

async function load(
  root: string,
  place: string,
): Promise<Pick<NonNullable<LilconfigResult>, 'config' | 'isEmpty'> | null> {
  const file = path.join(root, place);
  try {
    // A package.json without our key is no config file; null or undefined anywhere else is a mistake worth a message.
    if (place === 'package.json') return ofPackage(file);
    return await loaderIn(root).load(file);
  } catch (cause) {
    throw new DistributedError({
      code: 'CONFIG_UNREADABLE',
      message: `${place} in ${path.dirname(file)} cannot be loaded: ${reasonOf(cause)}`,
      remedy: 'Correct the file. All options: npx jest-distributed help run',
      cause,
    });
  }
}

/** Parsers quote the place that they cannot read, which may be the line with a password. */
function reasonOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return hideSecrets(
    message.replace(/, (?:\.\.\.)?"[\s\S]*"(?:\.\.\.)? is not valid JSON$/, ', which is not valid JSON'),
  );
}

/** At once: nearly every project has this file and no other, and Jest waits for the answer. */
function ofPackage(file: string): { readonly config: unknown; readonly isEmpty: false } | null {
  const content = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>;
  return content[key] == null ? null : { config: content[key], isEmpty: false };
}

function loaderIn(root: string): ReturnType<typeof import('lilconfig').lilconfig> {
  const { lilconfig } = require('lilconfig') as typeof import('lilconfig');
  return lilconfig(key, {
    searchPlaces: places,
    stopDir: root,
    cache: false,
    ignoreEmptySearchPlaces: false,
    loaders: { '.js': importModule, '.cjs': importModule, '.mjs': importModule, '.ts': importModule },
  });
}

async function importModule(file: string): Promise<unknown> {
  // Only where there is such a file: loading the transpiler takes longer than everything else here.
  const { createJiti } = await import('jiti');
  // Without caches nothing is left behind in the project, and a second load in one process sees an edited file.
  return createJiti(file, { fsCache: false, moduleCache: false }).import(file, { default: true });
}
