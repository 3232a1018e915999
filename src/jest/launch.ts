/**
 * Starts the project's own Jest in this process with the given adjustments, whatever its config says.
 *
 * The adjustments are made to the global config after Jest has read and normalised it, through a wrapper around
 * `readConfigs` of the project's `jest-config`. Command-line flags could not do it: `--reporters` replaces the
 * project's reporters and cannot carry their options, and a config file of ours would change the project config, which
 * is part of Jest's transform cache key: every first run would start cold.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { findHost, findJestCli, type JestHost } from './host';
import type { FailedRun } from './replay/failure-causes';
import type { JestGlobalConfig } from './shapes';

export type Adjustment = (config: JestGlobalConfig) => JestGlobalConfig | Promise<JestGlobalConfig>;

interface ReadConfigsResult {
  readonly globalConfig: JestGlobalConfig;
}

interface JestConfigModule {
  readonly readConfigs: (...args: unknown[]) => Promise<ReadConfigsResult>;
}

/** What is left of a Jest that ran in this process. */
export interface JestEnd {
  /** Jest's own verdict; undefined where it only listed or showed something. */
  readonly success: boolean | undefined;
  /** Undefined where it did not come to an end. */
  readonly results: JestResults | undefined;
}

interface JestResults extends FailedRun {
  readonly success?: boolean;
}

interface CoreModule {
  readonly runCLI: (...args: unknown[]) => Promise<{ readonly results: JestResults }>;
}

/** Replaces members of a module before its users load it: its own exports object is frozen by getters. */
function replaceExports(file: string, exports: object): void {
  const loaded = require.cache[file];
  if (loaded !== undefined) loaded.exports = exports;
}

function interceptResults(host: JestHost, seen: (results: JestResults) => void): void {
  const original = host.load<CoreModule>('@jest/core');
  const runCLI: CoreModule['runCLI'] = async (...args) => {
    const outcome = await original.runCLI(...args);
    seen(outcome.results);
    return outcome;
  };
  // Member by member: some of them are getters, which a spread would call.
  const members = Object.getOwnPropertyDescriptors(original);
  replaceExports(
    host.corePath,
    Object.defineProperties({}, { ...members, runCLI: { value: runCLI, enumerable: true } }),
  );
}

function interceptConfigs(host: JestHost, adjust: Adjustment): void {
  const file = host.resolve('jest-config');
  const original = host.load<JestConfigModule>('jest-config');
  const readConfigs = async (...args: unknown[]): Promise<ReadConfigsResult> => {
    const result = await original.readConfigs(...args);
    const globalConfig = Object.freeze(await adjust(result.globalConfig));
    return { ...result, globalConfig };
  };
  replaceExports(file, { ...original, readConfigs });
}

/**
 * Runs Jest's command line with `args`. Jest sets the exit code and ends the process itself, as `npx jest` would.
 *
 * @param directory where the project's Jest is looked for.
 */
export async function launchJest(directory: string, args: readonly string[], adjust: Adjustment): Promise<JestEnd> {
  const bin = findJestCli(directory);
  const host = findHost(directory);
  let results: JestResults | undefined;
  // The config's first: the core must load the wrapped one.
  interceptConfigs(host, adjust);
  interceptResults(host, (value) => {
    results = value;
  });
  // As jest-cli's own bin does.
  process.env.NODE_ENV ??= 'test';
  const { run } = createRequire(bin)(path.dirname(path.dirname(bin))) as { run: (args: string[]) => Promise<void> };
  await run([...args]);
  return { success: results?.success, results };
}
