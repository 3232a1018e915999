/** How the dependencies of a checkout are installed on a host, and what decides whether that must be done again. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { nameBelow } from '../../blob/portable-names';
import { DistributedError } from '../../errors';
import { isWithin, shownPath } from '../../files/folders';

export interface InstallPlan {
  /** Folder of the lock file, relative to the top, POSIX. */
  readonly folder: string;
  readonly command: string;
  readonly stamp: string;
  /** Packages that a package.json takes from folders and archives which are not copied: `name (file:../there)`. */
  readonly outside: readonly string[];
}

/** By lock file; each as it stands there, and failing where package.json says something else. */
const COMMANDS: readonly (readonly [lock: string, command: (folder: string) => string])[] = [
  ['package-lock.json', () => 'npm ci --no-audit --no-fund'],
  ['npm-shrinkwrap.json', () => 'npm ci --no-audit --no-fund'],
  ['pnpm-lock.yaml', () => 'pnpm install --frozen-lockfile'],
  [
    'yarn.lock',
    (folder) =>
      existsSync(path.join(folder, '.yarnrc.yml')) ? 'yarn install --immutable' : 'yarn install --frozen-lockfile',
  ],
  ['bun.lock', () => 'bun install --frozen-lockfile'],
  ['bun.lockb', () => 'bun install --frozen-lockfile'],
];

/** What an install reads besides the lock file: settings of package managers, the manifest. */
const INPUTS = ['package.json', '.npmrc', '.yarnrc', '.yarnrc.yml', 'pnpm-workspace.yaml'];

function stampOf(folder: string, lock: string | null): string {
  const hash = createHash('sha256');
  for (const name of [...(lock === null ? [] : [lock]), ...INPUTS]) {
    const file = path.join(folder, name);
    if (existsSync(file)) hash.update(`${name}\0`).update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** A dependency that is a path, with it. */
const PATH_DEPENDENCY = /^(?:file|link|portal):(.+)$/;

/** Dependencies of a package that lie outside of the repository. */
function outsideOf(top: string, folder: string): string[] {
  let manifest: Readonly<Record<string, unknown>> | null;
  try {
    manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  } catch {
    // The package manager will say what is wrong with it.
    return [];
  }
  return ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) =>
    Object.entries(manifest?.[kind] ?? {}).flatMap(([name, version]) => {
      const target = PATH_DEPENDENCY.exec(String(version))?.[1];
      return target === undefined || isWithin(path.resolve(folder, target), top) ? [] : [`${name} (${version})`];
    }),
  );
}

/** The nearest lock file at or above the project, within the repository. */
function findLock(top: string, projectDir: string): { readonly folder: string; readonly lock: string } | undefined {
  for (let folder = projectDir; ; folder = path.dirname(folder)) {
    const lock = COMMANDS.find(([name]) => existsSync(path.join(folder, name)))?.[0];
    if (lock !== undefined) return { folder, lock };
    if (folder === top || path.dirname(folder) === folder) return undefined;
  }
}

/**
 * @param given command of the config file; null: that of the package manager whose lock file is there.
 * @throws DistributedError `HOST_LOCK_FILE_MISSING`.
 */
export function planInstall(top: string, projectDir: string, given: string | null): InstallPlan {
  const found = findLock(top, projectDir);
  const folder = found?.folder ?? projectDir;
  const command = given ?? COMMANDS.find(([lock]) => lock === found?.lock)?.[1](folder);
  if (command === undefined) {
    throw new DistributedError({
      code: 'HOST_LOCK_FILE_MISSING',
      message: `There is no lock file in ${shownPath(projectDir)} or above it, so nothing says what to install on the hosts.`,
      remedy:
        'Commit the lock file of your package manager, or name a command in jest-distributed.config.json: {"hosts": {"targets": ["ada"], "install": "npm install"}}',
    });
  }
  return {
    folder: nameBelow(top, folder),
    command,
    stamp: stampOf(folder, found?.lock ?? null),
    outside: [...new Set([folder, projectDir])].flatMap((one) => outsideOf(top, one)),
  };
}
