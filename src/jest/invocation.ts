/**
 * What this Jest was asked to do, as far as placement depends on it.
 *
 * Jest 30 hands its global config to the sequencer and `jest-distributed run` sees it on both majors; a Jest 29 with
 * nothing but `--testSequencer` shows it to nobody, so there the command line is read once more with Jest's own
 * option table.
 */
import path from 'node:path';
import type { PlanScope } from '../plan/digest';
import { runningModule } from './host';
import { readGlobalConfig } from './run-state';
import type { JestGlobalConfig } from './shapes';

export interface Invocation {
  /** Folder that keys of several projects are relative to. */
  readonly root: string;
  readonly listTests: boolean;
  readonly watch: boolean;
  readonly onlyFailures: boolean;
  readonly scope: PlanScope;
}

const CLI_SUFFIX = path.join('jest-cli', 'build', 'index.js');

const list = (value: unknown): string[] =>
  value === undefined || value === null ? [] : (Array.isArray(value) ? value : [value]).map(String);

function fromGlobalConfig(config: JestGlobalConfig): Invocation {
  return {
    root: config.rootDir,
    listTests: config.listTests === true,
    watch: config.watch === true || config.watchAll === true,
    onlyFailures: config.onlyFailures === true,
    scope: {
      testNamePattern: config.testNamePattern ?? null,
      pathPattern: config.testPathPatterns?.patterns.join('|') ?? config.testPathPattern ?? '',
    },
  };
}

/** Where Jest would look for its config: `--rootDir`, else the folder of `--config`, else the working directory. */
function rootFromArguments(argv: Record<string, unknown>, cwd: string): string {
  if (typeof argv.rootDir === 'string') return path.resolve(cwd, argv.rootDir);
  const config = argv.config;
  if (typeof config === 'string' && !/^\s*\{/.test(config)) return path.dirname(path.resolve(cwd, config));
  return cwd;
}

function fromCommandLine(args: readonly string[], cwd: string): Invocation {
  const cli = runningModule(CLI_SUFFIX);
  // Started by a program and not by Jest's bin: the command line is that program's and says nothing about Jest.
  if (cli === undefined) {
    const scope = { testNamePattern: null, pathPattern: '' };
    return { root: cwd, listTests: false, watch: false, onlyFailures: false, scope };
  }
  const { yargsOptions } = require(cli) as { yargsOptions: Record<string, object> };
  const yargs = require('yargs') as typeof import('yargs');
  const argv = yargs([...args])
    .options(yargsOptions)
    .help(false)
    .version(false)
    .exitProcess(false)
    .parseSync() as Record<string, unknown>;
  return {
    root: rootFromArguments(argv, cwd),
    listTests: argv.listTests === true,
    watch: argv.watch === true || argv.watchAll === true,
    onlyFailures: argv.onlyFailures === true,
    scope: {
      testNamePattern: list(argv.testNamePattern)[0] ?? null,
      pathPattern: [...list(argv._), ...list(argv.testPathPattern)].join('|'),
    },
  };
}

export function readInvocation(config: JestGlobalConfig | undefined): Invocation {
  const known = config ?? readGlobalConfig<JestGlobalConfig>();
  return known === undefined ? fromCommandLine(process.argv.slice(2), process.cwd()) : fromGlobalConfig(known);
}
