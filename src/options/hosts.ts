/**
 * Which hosts run the tests, and how each is used: a list of names on the command line, with more settings in a config
 * file. Names go to ssh as they are, so only what can be a name and nothing else is taken.
 */
import { DistributedError } from '../errors';
import { readInteger } from './number';
import { isObject } from './object';

/** One host. */
export interface HostSettings {
  /** As OpenSSH takes it: `ada`, `build@box`; or `local`, this machine. */
  readonly target: string;
  /** Jest workers on it; null: as many as it has cores. */
  readonly workers: number | null;
  /** Folder on the host below which copies of checkouts lie; null: `~/.jest-distributed/hosts`. */
  readonly directory: string | null;
  /** Folders that come first in its PATH. */
  readonly path: readonly string[];
  /** Variables for the install and the tests there. */
  readonly env: Readonly<Record<string, string>>;
  /** Command that installs the dependencies there; null: that of the package manager. */
  readonly install: string | null;
}

export interface HostsSetting {
  readonly hosts: readonly HostSettings[];
  /** Of every host that the config file does not name. */
  readonly common: Omit<HostSettings, 'target'>;
  /** Files and folders that git ignores and that are copied all the same, relative to the repository. */
  readonly copy: readonly string[];
  /** OpenSSH config file in place of `~/.ssh/config`. */
  readonly sshConfig: string | null;
}

export const LOCAL_HOST = 'local';

/** All hosts of the config file. */
const ALL_HOSTS = 'all';

/**
 * No name of a host or user begins with a dash, which ssh would take for an option, or holds what a shell reads. A number
 * of four figures and more is meant as a port.
 */
const TARGET =
  /^(?<target>(?:[A-Za-z0-9_][\w.-]{0,63}@)?(?:[A-Za-z0-9_][\w.-]{0,252}|\[[0-9A-Fa-f:.]+(?:%\w+)?\]))(?::(?<workers>[1-9]\d{0,2}))?$/;

const NOTHING = { workers: null, directory: null, path: [], env: {}, install: null } as const;

/** `build@box:4`; undefined where it is no host. */
function readTarget(text: unknown): Pick<HostSettings, 'target' | 'workers'> | undefined {
  const groups = typeof text === 'string' ? TARGET.exec(text)?.groups : undefined;
  if (groups?.target === undefined) return undefined;
  return { target: groups.target, workers: groups.workers === undefined ? null : Number(groups.workers) };
}

const isLine = (value: unknown): value is string =>
  typeof value === 'string' && value.trim() !== '' && !/[\0\r\n]/.test(value);

const isPath = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && !/[\0\r\n]/.test(value);

function readTexts(value: unknown, isText: (text: unknown) => text is string): readonly string[] | undefined {
  const texts = Array.isArray(value) ? (value as unknown[]) : [value];
  return texts.every(isText) ? texts : undefined;
}

function readEnvironment(value: unknown): Readonly<Record<string, string>> | undefined {
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value);
  const isRight = entries.every(
    ([name, text]) => /^[A-Za-z_]\w*$/.test(name) && ['string', 'number', 'boolean'].includes(typeof text),
  );
  return isRight ? Object.fromEntries(entries.map(([name, text]) => [name, String(text)])) : undefined;
}

type Readers = {
  readonly [Key in keyof Omit<HostSettings, 'target'>]: (value: unknown) => HostSettings[Key] | undefined;
};

const READERS: Readers = {
  workers: (value) => readInteger(value, 1, 10_000),
  directory: (value) => (isPath(value) ? value : undefined),
  path: (value) => readTexts(value, (text): text is string => isPath(text) && !text.includes(':')),
  env: readEnvironment,
  install: (value) => (isLine(value) ? value : undefined),
};

/** Settings of one host, or of all, on top of others; undefined where one is wrong or unknown. */
function readSettings(value: Readonly<Record<string, unknown>>, base: Omit<HostSettings, 'target'>) {
  let settings: Omit<HostSettings, 'target'> = base;
  for (const [key, given] of Object.entries(value)) {
    if (!Object.hasOwn(READERS, key)) return undefined;
    const read = READERS[key as keyof Readers](given);
    if (read === undefined) return undefined;
    settings =
      key === 'env'
        ? { ...settings, env: { ...base.env, ...(read as HostSettings['env']) } }
        : { ...settings, [key]: read };
  }
  return settings;
}

function readHost(value: unknown, base: Omit<HostSettings, 'target'>): HostSettings | undefined {
  if (typeof value === 'string') {
    const named = readTarget(value);
    return named && { ...base, target: named.target, workers: named.workers ?? base.workers };
  }
  if (!isObject(value)) return undefined;
  const { target, ...others } = value;
  const named = readTarget(target);
  if (named === undefined) return undefined;
  const settings = readSettings(others, { ...base, workers: named.workers ?? base.workers });
  return settings && { target: named.target, ...settings };
}

/** @returns undefined where the value is none. */
export function readHosts(given: unknown): HostsSetting | undefined {
  const list = typeof given === 'string' ? given.split(',').map((text) => text.trim()) : given;
  const whole = isObject(list) ? list : { targets: list };
  const { targets, copy = [], sshConfig = null, ...common } = whole;
  const base = readSettings(common, NOTHING);
  const copied = readTexts(copy, isPath);
  if (base === undefined || copied === undefined || !Array.isArray(targets) || targets.length === 0) return undefined;
  if (sshConfig !== null && !isPath(sshConfig)) return undefined;
  const hosts = (targets as unknown[]).flatMap((one) =>
    typeof one === 'string' && one.includes(',') ? one.split(',').map((text) => text.trim()) : [one],
  );
  const read = hosts.map((one) => readHost(one, base));
  if (!read.every((host): host is HostSettings => host !== undefined)) return undefined;
  return { hosts: read, common: base, copy: copied, sshConfig };
}

export const HOSTS_FORM =
  'hosts as ssh knows them, separated by commas: ada, build@box:4 (4 workers, at most 999; a port belongs into ~/.ssh/config), local (this machine), all (those of the config file)';

/** A host that is named twice would be two nodes in one folder. */
function refuseTwice({ hosts }: HostsSetting, source: string): void {
  const names = hosts.map(({ target }) => target);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new DistributedError({
    code: 'HOST_TWICE',
    message: `The host ${twice} is named twice (from ${source}).`,
    remedy: `Name it once, with its number of workers: ${twice}:4`,
  });
}

/**
 * What was named, with the settings that the config file has of it.
 *
 * @param named by flag or variable.
 * @param configured by the config file, if anything.
 * @throws DistributedError `HOSTS_NOT_CONFIGURED`, `HOST_TWICE`.
 */
export function combineHosts(named: HostsSetting, configured: HostsSetting | undefined, source: string): HostsSetting {
  const { hosts: known = [], common = named.common } = configured ?? {};
  const hosts = named.hosts.flatMap((host) => {
    if (host.target === ALL_HOSTS) {
      if (known.length > 0) return known;
      throw new DistributedError({
        code: 'HOSTS_NOT_CONFIGURED',
        message: `${source} is "${ALL_HOSTS}", but the config file names no hosts.`,
        remedy:
          'Name them: --hosts ada,build@box:4,local; or add {"hosts": ["ada", "build@box:4"]} to jest-distributed.config.json.',
      });
    }
    const settings = known.find(({ target }) => target === host.target) ?? { ...common, target: host.target };
    return [{ ...settings, workers: host.workers ?? settings.workers }];
  });
  const combined = { hosts, common, copy: configured?.copy ?? [], sshConfig: configured?.sshConfig ?? null };
  refuseTwice(combined, source);
  return combined;
}
