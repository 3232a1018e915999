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
import { findHost, findJestCli } from './host';
import { publishGlobalConfig } from './run-state';
import type { JestGlobalConfig } from './shapes';

export type Adjustment = (config: JestGlobalConfig) => JestGlobalConfig | Promise<JestGlobalConfig>;

interface ReadConfigsResult {
  readonly globalConfig: JestGlobalConfig;
}

interface JestConfigModule {
  readonly readConfigs: (...args: unknown[]) => Promise<ReadConfigsResult>;
}

function interceptConfigs(directory: string, adjust: Adjustment): void {
  const host = findHost(directory);
  const file = host.resolve('jest-config');
  const original = host.load<JestConfigModule>('jest-config');
  const readConfigs = async (...args: unknown[]): Promise<ReadConfigsResult> => {
    const result = await original.readConfigs(...args);
    const globalConfig = Object.freeze(await adjust(result.globalConfig));
    publishGlobalConfig(globalConfig);
    return { ...result, globalConfig };
  };
  const loaded = require.cache[file];
  // The exports object itself is frozen by its getters, so the module gets another one.
  if (loaded !== undefined) loaded.exports = { ...original, readConfigs };
}

/**
 * Runs Jest's command line with `args`. Jest sets the exit code and ends the process itself, as `npx jest` would.
 *
 * @param directory where the project's Jest is looked for.
 */
export async function launchJest(directory: string, args: readonly string[], adjust: Adjustment): Promise<void> {
  const bin = findJestCli(directory);
  interceptConfigs(directory, adjust);
  // As jest-cli's own bin does.
  process.env.NODE_ENV ??= 'test';
  const { run } = createRequire(bin)(path.dirname(path.dirname(bin))) as { run: (args: string[]) => Promise<void> };
  await run([...args]);
}
