/**
 * Finds the project's own Jest.
 *
 * Base classes must come from the Jest that runs: a sequencer that extends Jest 30's class inside a Jest 29 run works
 * until the day it does not. `@jest/test-sequencer` and `jest-runner` are not reachable from a project under strict
 * pnpm, so every package is resolved from the one that depends on it: jest → @jest/core → jest-config → the class.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { DistributedError } from '../../errors';
import { requireSupportedJest } from './supported-jest';

export interface ResolvedJest {
  /** Version of `@jest/core`, e.g. `30.5.2`. */
  readonly version: string;
  /** Absolute path of the file that `require('@jest/core')` means for the project. */
  readonly corePath: string;
  /** Loads a package as `@jest/core` (or its `jest-config`) would. */
  readonly resolve: (request: string) => string;
  readonly load: <T>(request: string) => T;
  /** Absolute path of its default test runner, which `jest-config` names; undefined where it is not installed. */
  readonly circusRunner: () => string | undefined;
}

const CORE_SUFFIX = path.join('@jest', 'core', 'build', 'index.js');
/** Of Jest 27 and older. */
const OLD_CORE_SUFFIX = path.join('@jest', 'core', 'build', 'jest.js');

/** Absolute path of a module that this process has loaded already, found by the end of its path. */
function runningModule(suffix: string): string | undefined {
  return Object.keys(require.cache).find((file) => file.endsWith(suffix));
}

/**
 * What a part that Jest loads asks first, where it needs nothing else of Jest.
 *
 * @throws DistributedError `JEST_UNSUPPORTED` where the Jest that runs is one that we do not know.
 */
export function checkRunningJest(): void {
  const corePath = runningModule(CORE_SUFFIX) ?? runningModule(OLD_CORE_SUFFIX);
  if (corePath === undefined) return;
  const { version } = createRequire(corePath)('@jest/core/package.json') as { version: string };
  requireSupportedJest(version, corePath);
}

function resolveFrom(directory: string, request: string): string | undefined {
  try {
    return createRequire(path.join(directory, 'package.json')).resolve(request);
  } catch {
    return undefined;
  }
}

/** The `@jest/core` that `npx jest` in a folder would run. */
function installedCore(directory: string): string | undefined {
  for (const start of [directory, __dirname]) {
    const jest = resolveFrom(start, 'jest/package.json') ?? resolveFrom(start, 'jest-cli/package.json');
    const core = jest === undefined ? resolveFrom(start, '@jest/core') : resolveFrom(path.dirname(jest), '@jest/core');
    if (core !== undefined) return core;
  }
  return undefined;
}

/**
 * The project's Jest: the one already running in this process, else the one installed where `directory` is.
 *
 * @throws DistributedError `JEST_NOT_FOUND` where there is none, `JEST_UNSUPPORTED` where it is one that we do not know.
 */
export function resolveJest(directory: string): ResolvedJest {
  const corePath = runningModule(CORE_SUFFIX) ?? runningModule(OLD_CORE_SUFFIX) ?? installedCore(directory);
  if (corePath === undefined) {
    throw new DistributedError({
      code: 'JEST_NOT_FOUND',
      message: `No Jest is installed in ${directory} or above it.`,
      remedy: 'Install it beside this package: npm install --save-dev jest',
    });
  }
  const fromCore = createRequire(corePath);
  const resolve = (request: string) => {
    try {
      return fromCore.resolve(request);
    } catch {
      return fromConfig.resolve(request);
    }
  };
  const { version } = fromCore('@jest/core/package.json') as { version: string };
  // Before anything else is taken from it: another Jest may not have it.
  requireSupportedJest(version, corePath);
  const fromConfig = createRequire(fromCore.resolve('jest-config'));
  return {
    version,
    corePath,
    resolve,
    load: <T>(request: string): T => fromCore(resolve(request)) as T,
    circusRunner: () => {
      try {
        return fromConfig.resolve('jest-circus/runner');
      } catch {
        return undefined;
      }
    },
  };
}

/**
 * Absolute path of the bin that `npx jest` would start in a folder.
 *
 * @throws DistributedError `JEST_NOT_FOUND`.
 */
export function resolveJestCli(directory: string): string {
  const jest = resolveFrom(directory, 'jest/package.json') ?? resolveFrom(__dirname, 'jest/package.json');
  const cli = jest === undefined ? undefined : resolveFrom(path.dirname(jest), 'jest-cli/package.json');
  const bin = cli === undefined ? undefined : path.join(path.dirname(cli), 'bin', 'jest.js');
  if (bin === undefined || !existsSync(bin)) {
    throw new DistributedError({
      code: 'JEST_NOT_FOUND',
      message: `No Jest is installed in ${directory} or above it.`,
      remedy: 'Install it beside this package: npm install --save-dev jest',
    });
  }
  return bin;
}
