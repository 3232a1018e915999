import path from 'node:path';
import { isModuleHook } from '../workers/hook';
import { type ConfigFile, checkConfigFile } from './config';
import { checkVariables, type Environment } from './environment';
import { combineHosts, type HostsSetting } from './hosts';
import { type OptionName, type OptionValue, optionNames, optionRow, type optionTable } from './table';
import { parseValue } from './value';

/** A value and where it came from, in the words that messages use. */
export interface Setting<Value> {
  readonly value: Value;
  /** `--nodes`, `JEST_DISTRIBUTED_NODES`, `jest-distributed.config.json`, `package.json` or `default`. */
  readonly source: string;
}

type HasDefault<Name extends OptionName> = (typeof optionTable)[Name] extends { readonly default: unknown }
  ? true
  : false;

/** Every option of the table; undefined where it is not set and has no constant default. */
export type Options = {
  readonly [Name in OptionName]: HasDefault<Name> extends true
    ? Setting<OptionValue<Name>>
    : Setting<OptionValue<Name>> | undefined;
};

export interface RawOptions {
  /** By flag name in either spelling (`node-number` or `nodeNumber`), as yargs gives them; other keys are ignored. */
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly environment: Environment;
  readonly configFile?: ConfigFile | null;
  /** Absolute; makes paths absolute. Without it they stay as given, which is enough to check them. */
  readonly folders?: OptionFolders;
}

/** What paths are relative to. */
interface OptionFolders {
  /** Paths given by flag or variable. */
  readonly workingDir: string;
  /** Defaults. */
  readonly projectDir: string;
}

interface Given {
  readonly raw: unknown;
  /** Absolute path of the folder that a path is relative to. */
  readonly base: string | undefined;
  /** What messages about this value call it. */
  readonly label: string;
  readonly source: string;
}

/**
 * Turns what was typed, exported and written down into options, once.
 *
 * Precedence: default < config file < environment < flag. Every value that is given is checked, also one that another
 * overrides. Where `disabled` is true nothing else is: it is the way out when settings are broken, so wrong settings
 * count as not given.
 *
 * @throws DistributedError for an unknown variable or config key, an identity option in a config file, or a wrong value.
 */
export function resolveOptions(raw: RawOptions): Options {
  const disabled = resolveDisabled(raw);
  if (!disabled.value) {
    checkVariables(raw.environment);
    if (raw.configFile) checkConfigFile(raw.configFile);
  }
  const entries = optionNames.map((name) => {
    if (name === 'disabled') {
      if (!disabled.value) resolveOption(name, raw);
      return [name, disabled];
    }
    return [name, disabled.value ? resolveLeniently(name, raw) : resolveOption(name, raw)];
  });
  return Object.fromEntries(entries) as Options;
}

/**
 * Whether the package is switched off, read before and apart from anything else, so that an edge can ask before it
 * loads a config file that may be broken.
 *
 * @throws DistributedError where the value that counts is neither true nor false.
 */
export function resolveDisabled(raw: RawOptions): Setting<boolean> {
  const given = findGiven('disabled', raw)[0];
  if (given === undefined) return { value: false, source: 'default' };
  return { value: parseValue(optionRow('disabled'), given.raw, given.label) === true, source: given.source };
}

function resolveOption(name: OptionName, raw: RawOptions): Setting<unknown> | undefined {
  const settings = findGiven(name, raw).map((given) => ({
    value: located(name, parseValue(optionRow(name), given.raw, given.label), given.base),
    source: given.source,
  }));
  return (name === 'hosts' ? hostsOf(settings, raw) : settings[0]) ?? defaultOf(name, raw);
}

/** What names hosts, with what the config file says of these. */
function hostsOf(settings: readonly Setting<unknown>[], { configFile }: RawOptions): Setting<HostsSetting> | undefined {
  const [first, ...others] = settings as readonly Setting<HostsSetting>[];
  const isConfig = ({ source }: Setting<HostsSetting>) => source === configFile?.path;
  // Read before there is a config file, only whether it can be read matters.
  if (first === undefined || configFile === undefined) return first;
  if (isConfig(first)) return first;
  return { value: combineHosts(first.value, others.find(isConfig)?.value, first.source), source: first.source };
}

function resolveLeniently(name: OptionName, raw: RawOptions): Setting<unknown> | undefined {
  try {
    return resolveOption(name, raw);
  } catch {
    return defaultOf(name, raw);
  }
}

function defaultOf(name: OptionName, { folders }: RawOptions): Setting<unknown> | undefined {
  const value = optionRow(name).default;
  return value === undefined ? undefined : { value: located(name, value, folders?.projectDir), source: 'default' };
}

/** A path from its base on; every other value as it is. */
function located<Value>(name: OptionName, value: Value, base: string | undefined): Value | string | HostsSetting {
  const { kind } = optionRow(name).type;
  if (kind === 'hosts' && base !== undefined) return locateHosts(value as HostsSetting, base);
  const isPath = typeof value === 'string' && (kind === 'path' || (kind === 'hook' && isModuleHook(value)));
  return isPath && base !== undefined ? path.resolve(base, value) : value;
}

/** All places that give the option, the one that counts first. */
function findGiven(name: OptionName, { flags = {}, environment, configFile, folders }: RawOptions): Given[] {
  const { flag, variable, scope } = optionRow(name);
  const given: Given[] = [];
  const base = folders?.workingDir;
  const flagValue = flags[flag] ?? flags[toCamelCase(flag)];
  if (flagValue !== undefined) given.push({ raw: flagValue, base, label: `--${flag}`, source: `--${flag}` });
  const variableValue = environment[variable];
  if (variableValue !== undefined) given.push({ raw: variableValue, base, label: variable, source: variable });
  if (configFile && scope === 'project' && typeof configFile.values === 'object' && configFile.values !== null) {
    const value = (configFile.values as Record<string, unknown>)[name];
    if (value !== undefined)
      given.push({
        raw: value,
        base: folders && (configFile.folder ?? folders.projectDir),
        label: `${name} in ${configFile.path}`,
        source: configFile.path,
      });
  }
  return given;
}

/** As yargs spells the key of a flag: `node-number` becomes `nodeNumber`. */
function toCamelCase(flag: string): string {
  return flag.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

function locateHosts(hosts: HostsSetting, base: string): HostsSetting {
  const { sshConfig } = hosts;
  return sshConfig === null || sshConfig.startsWith('~/')
    ? hosts
    : { ...hosts, sshConfig: path.resolve(base, sshConfig) };
}
