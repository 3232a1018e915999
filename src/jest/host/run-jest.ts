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
import { withoutForeignFrames } from './error-text';
import type { FailedRun } from './failure-causes';
import type { JestGlobalConfig } from './jest-types';
import { type ResolvedJest, resolveJest, resolveJestCli } from './resolve-jest';

export type Adjustment = (config: JestGlobalConfig) => JestGlobalConfig | Promise<JestGlobalConfig>;

interface ReadConfigsResult {
  readonly globalConfig: JestGlobalConfig;
}

interface JestConfigModule {
  readonly readConfigs: (...args: unknown[]) => Promise<ReadConfigsResult>;
}

/** How a Jest came to its end: with results, or with an error that it prints. */
export type JestEnd = { readonly results: JestResults } | { readonly error: unknown };

interface JestResults extends FailedRun {
  readonly success?: boolean;
}

/** Called before Jest sets the exit code and, with `forceExit`, ends the process. */
export type EndListener = (end: JestEnd) => void;

interface CoreModule {
  readonly runCLI: (...args: unknown[]) => Promise<{ readonly results: JestResults }>;
}

/** Replaces members of a module before its users load it: its own exports object is frozen by getters. */
function replaceExports(file: string, exports: object): void {
  const loaded = require.cache[file];
  if (loaded !== undefined) loaded.exports = exports;
}

function interceptEnd(host: ResolvedJest, onEnd: EndListener): void {
  const original = host.load<CoreModule>('@jest/core');
  const runCLI: CoreModule['runCLI'] = async (...args) => {
    try {
      const outcome = await original.runCLI(...args);
      onEnd({ results: outcome.results });
      return outcome;
    } catch (error) {
      // Of a config that is not there the frames are all Jest's and ours.
      if (error instanceof Error && error.stack !== undefined) error.stack = withoutForeignFrames(error.stack);
      onEnd({ error });
      throw error;
    }
  };
  // Member by member: some of them are getters, which a spread would call.
  const members = Object.getOwnPropertyDescriptors(original);
  replaceExports(
    host.corePath,
    Object.defineProperties({}, { ...members, runCLI: { value: runCLI, enumerable: true } }),
  );
}

function interceptConfigs(host: ResolvedJest, adjust: Adjustment): void {
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
 * Makes `process.argv` what it is under `npx jest …`: the project's config may parse it, and colour libraries look for
 * `--color` in it; none of them sees what stands behind two dashes.
 */
function actAsJest(bin: string, args: readonly string[]): void {
  process.argv = [process.argv[0] ?? process.execPath, bin, ...args];
}

/**
 * Runs Jest's command line with `args`. Jest sets the exit code and ends the process itself, as `npx jest` would.
 *
 * @param directory where the project's Jest is looked for.
 * @param onEnd not called where Jest only shows something (`--version`), or where the process is ended under it.
 */
export async function runJest(
  directory: string,
  args: readonly string[],
  adjust: Adjustment,
  onEnd: EndListener = () => undefined,
): Promise<void> {
  const bin = resolveJestCli(directory);
  // Before anything of Jest is loaded: some of it looks only once.
  actAsJest(bin, args);
  const host = resolveJest(directory);
  // The config's first: the core must load the wrapped one.
  interceptConfigs(host, adjust);
  interceptEnd(host, onEnd);
  // As jest-cli's own bin does.
  process.env.NODE_ENV ??= 'test';
  const { run } = createRequire(bin)(path.dirname(path.dirname(bin))) as { run: (args: string[]) => Promise<void> };
  try {
    await run([...args]);
  } catch {
    // Jest has printed the error and is about to end the process, once its streams are drained. Its reporters may hold
    // those, and a timer of theirs then keeps the process alive for ever; `npx jest` dies of the rejection.
    process.exit(1);
  }
}
