/** Finds out with which package manager a project is installed: the commands that we print are its own. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Runner } from '../shell/runner';
import { findRepository } from './folders';

interface Traces {
  readonly has: (name: string) => boolean;
  /** `packageManager` of the package.json there, such as `pnpm@9.1.0`. */
  readonly packageManager: string | undefined;
}

function runnerOf({ has, packageManager = '' }: Traces): Runner | undefined {
  const [, name, major] = /^(\w+)@(\d+)/.exec(packageManager) ?? [];
  if (has('.pnp.cjs')) return 'yarn';
  // Only Yarn 1 calls it so.
  if (has('.pnp.js')) return 'yarn --';
  if (name === 'yarn') return major === '1' ? 'npx' : 'yarn';
  if (name === 'npm') return 'npx';
  if (name === 'pnpm' || has('pnpm-lock.yaml')) return 'pnpm exec';
  if (name === 'bun' || has('bun.lock') || has('bun.lockb')) return 'bunx';
  if (has('yarn.lock')) return has('.yarnrc.yml') ? 'yarn' : 'npx';
  return has('package-lock.json') || has('npm-shrinkwrap.json') ? 'npx' : undefined;
}

function readPackageManager(folder: string): string | undefined {
  try {
    const { packageManager } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
      packageManager?: unknown;
    };
    return typeof packageManager === 'string' ? packageManager : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param folder absolute; its traces come first, then those of the folders above it within the repository, so that the
 *   lock file of a workspace counts for its packages.
 */
export function findRunner(folder: string): Runner {
  const top = findRepository(folder);
  for (let at = folder; ; at = path.dirname(at)) {
    const has = (name: string) => existsSync(path.join(at, name));
    const found = runnerOf({ has, packageManager: readPackageManager(at) });
    if (found !== undefined) return found;
    if (at === top || path.dirname(at) === at) return 'npx';
  }
}
