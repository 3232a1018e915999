/** `hosts check` and `hosts clean`: what can be said of hosts, and done there, without a run. */
import { DistributedError, isDistributedError, withCode } from '../../errors';
import { loadOptions } from '../../files/load-options';
import { stdoutTerminal } from '../../files/standard-terminals';
import { type HostSettings, type HostsSetting, LOCAL_HOST } from '../../options/hosts';
import { countOf } from '../../reports/terminal/format';
import { colorsOf } from '../../reports/terminal/terminal';
import { printable } from '../../reports/terminal/text-width';
import type { Arguments, Command } from '../command-line/command';
import { findTop, ownerOf } from '../hosts/copy-identity';
import { archNotice, callError, clockWarning, lowDisk, notWritable, programMissing } from '../hosts/host-errors';
import { planInstall } from '../hosts/install-plan';
import type { Looked } from '../hosts/protocol';

/** @throws DistributedError `HOSTS_MISSING`. */
async function readHosts(argv: Arguments): Promise<HostsSetting> {
  const { options } = await loadOptions({ flags: argv, environment: process.env, rootDir: null });
  const value = options.hosts?.value;
  if (value === undefined) {
    throw new DistributedError({
      code: 'HOSTS_MISSING',
      message: 'No host is named.',
      remedy: `For example: npx jest-distributed ${argv._.join(' ')} --hosts ada,build@box`,
    });
  }
  const hosts = value.hosts.filter(({ target }) => target !== LOCAL_HOST);
  if (hosts.length > 0) return { ...value, hosts };
  throw new DistributedError({
    code: 'HOSTS_MISSING',
    message: `Only this machine (${LOCAL_HOST}) is named, and no host (from ${options.hosts?.source}).`,
    remedy: `For example: npx jest-distributed ${argv._.join(' ')} --hosts ada,build@box`,
  });
}

interface Checked {
  readonly target: string;
  readonly facts: Looked | null;
  /** What keeps it from running tests. */
  readonly errors: readonly DistributedError[];
  readonly warnings: readonly DistributedError[];
  readonly notices: readonly string[];
}

/** The program of the command that installs; null where it is more than one word of a shell. */
const programOf = (command: string): string | null => /^[\w.-]+(?= |$)/.exec(command)?.[0] ?? null;

async function check(host: HostSettings, sshConfig: string | null): Promise<Checked> {
  const { target, directory, path, env, install } = host;
  const nothing = { target, facts: null, errors: [], warnings: [], notices: [] };
  try {
    const { command } = planInstall(findTop(), process.cwd(), install);
    const program = programOf(command);
    const programs = program === null ? [] : [program];
    const { askHost } = await import('../hosts/ask-host.js');
    const facts = await askHost(host, sshConfig, (wire) =>
      wire.call('look', { directory, path, env, programs }).catch((error: unknown) => {
        throw callError(target, directory ?? '~', error);
      }),
    );
    const clock = clockWarning(target, facts.nowMs - Date.now());
    const disk = lowDisk(target, facts.directory, facts.freeBytes);
    return {
      ...{ target, facts },
      errors: [
        ...(facts.refusal === null ? [] : [notWritable(target, facts.refusal)]),
        ...facts.missing.map((name) => programMissing(target, name, command, facts.path)),
      ],
      warnings: [...(clock === null ? [] : [clock]), ...(disk === null ? [] : [disk])],
      notices: [
        ...(facts.hasRsync
          ? []
          : ['no rsync: files are sent through the connection, which takes longer the first time']),
        ...archNotice(facts),
      ],
    };
  } catch (error) {
    if (!isDistributedError(error)) throw error;
    return { ...nothing, errors: [error] };
  }
}

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(bytes < 2 ** 34 ? 1 : 0)} GiB`;

function checkedLines({ target, facts, errors, warnings, notices }: Checked): string[] {
  const { green, red, yellow } = colorsOf(stdoutTerminal());
  const about =
    facts === null
      ? ''
      : `: Node ${facts.node.slice(1)}, ${facts.platform} ${facts.arch}, ${countOf(facts.cores, 'core')}, ${gibibytes(facts.freeBytes)} free in ${facts.directory}`;
  const text = ({ fact, code, remedy }: DistributedError) =>
    `${withCode(fact, code)}\n${remedy}`.split('\n').map((line) => `  ${printable(line.trim())}`);
  return [
    `${errors.length === 0 ? green('ok') : red('not usable')} ${target}${printable(about)}`,
    ...errors.flatMap(text),
    ...warnings.flatMap(text).map(yellow),
    ...notices.map((notice) => `  ${notice}`),
  ];
}

const checkCommand: Command = {
  name: 'hosts check',
  describe: 'Whether each host can run the tests, and what keeps it from that',
  options: ['hosts'],
  examples: [
    ['hosts check', 'all hosts of the config file'],
    ['hosts check --hosts ada,build@box', 'these'],
  ],
  execute: async (argv) => {
    const { hosts, sshConfig } = await readHosts(argv);
    const checked = await Promise.all(hosts.map((host) => check(host, sshConfig)));
    process.stdout.write(`${checked.flatMap(checkedLines).join('\n')}\n`);
    return checked.every(({ errors }) => errors.length === 0) ? 0 : 1;
  },
};

async function clean(host: HostSettings, sshConfig: string | null, checkout: string | null): Promise<string> {
  const { target, directory } = host;
  const owner = ownerOf(checkout ?? '');
  const { askHost } = await import('../hosts/ask-host.js');
  const { removed, inUse } = await askHost(host, sshConfig, (wire) =>
    wire.call('clean', { directory, owner, checkout }),
  );
  const what = checkout === null ? '' : ' of this checkout';
  const kept = inUse.length === 0 ? '' : `; in use, and kept: ${inUse.join(', ')}`;
  return `${target}: ${removed.length === 0 ? `no copy${what} removed` : `removed the copies of ${[...new Set(removed)].join(', ')}`}${kept}`;
}

const cleanCommand: Command = {
  name: 'hosts clean',
  describe: 'Remove the copies of this checkout from the hosts',
  flags: { all: { value: null, describe: 'Also those of your other checkouts on this machine' } },
  options: ['hosts'],
  examples: [
    ['hosts clean', 'on all hosts of the config file'],
    ['hosts clean --all --hosts ada', 'whatever this machine has copied to ada'],
  ],
  execute: async (argv) => {
    const { hosts, sshConfig } = await readHosts(argv);
    const checkout = argv.all === true ? null : findTop();
    let exitCode = 0;
    const lines = hosts.map(async (host) => {
      try {
        return await clean(host, sshConfig, checkout);
      } catch (error) {
        if (!isDistributedError(error)) throw error;
        exitCode = 1;
        return `${host.target}: ${withCode(error.fact, error.code)}\n  ${error.remedy}`;
      }
    });
    process.stdout.write(`${(await Promise.all(lines)).join('\n')}\n`);
    return exitCode;
  },
};

export const hostsCommands: readonly Command[] = [checkCommand, cleanCommand];
