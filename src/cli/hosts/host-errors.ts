/** What keeps a host from running tests: the fact, with what ssh said, and what to do. */
import { DistributedError, isDistributedError, withCode } from '../../errors';
import { formatDuration } from '../../reports/terminal/format';
import { inText } from '../command-line/same-command';
import type { HostFacts } from './protocol';

/** Fact with its code, and remedy. */
export const hostErrorText = (error: unknown): string =>
  isDistributedError(error)
    ? `${withCode(error.fact, error.code)}\n${error.remedy}`
    : String((error as Error)?.stack ?? error);

interface Refusal {
  readonly code: string;
  readonly fact: string;
  readonly remedy: string;
}

/** By what OpenSSH prints, in the order in which it may print several. */
const REFUSALS: readonly (readonly [RegExp, (ssh: string, batch: string) => Refusal])[] = [
  [
    /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    (ssh) => ({
      code: 'HOST_KEY_CHANGED',
      fact: 'has another host key than the one that is known',
      remedy: `If the machine was set up anew, remove the old key with ssh-keygen -R and connect once by hand: ${ssh}. If it was not, somebody else may be answering.`,
    }),
  ],
  [
    /Host key verification failed|No \S+ host key is known/,
    (ssh) => ({
      code: 'HOST_KEY_UNKNOWN',
      fact: 'has a host key that is not known here',
      remedy: `Connect once by hand, compare the key and accept it: ${ssh}`,
    }),
  ],
  [
    /Permission denied|Too many authentication failures|passphrase/,
    (_, batch) => ({
      code: 'HOST_LOGIN_REFUSED',
      fact: 'asks for a password, or does not take your key',
      remedy: `No password can be typed here. Put a key on the host with ssh-copy-id and load it into ssh-agent, until this works without a question: ${batch}`,
    }),
  ],
  [
    /Could not resolve hostname/,
    () => ({
      code: 'HOST_NOT_FOUND',
      fact: 'has a name that nobody knows',
      remedy: 'Correct the name, or add it as a Host to ~/.ssh/config.',
    }),
  ],
  [
    /Connection refused|Connection timed out|Operation timed out|No route to host|Network is unreachable|Connection reset|Connection closed by/,
    (ssh) => ({
      code: 'HOST_UNREACHABLE',
      fact: 'does not answer',
      remedy: `Is it switched on, and does it run sshd? Try: ${ssh}`,
    }),
  ],
  [
    /Bad configuration option|Can't open user config file|terminating, \d+ bad configuration/,
    () => ({
      code: 'SSH_CONFIG_INVALID',
      fact: 'cannot be reached, as ssh refuses its config file',
      remedy: 'Correct ~/.ssh/config, or the file that sshConfig in the config file names.',
    }),
  ],
];

/** What ssh printed, without what it says to everybody. */
const lastLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(Warning: Permanently added|\*\* )/.test(line))
    .slice(-4)
    .join('\n  ');

const withOutput = (fact: string, output: string): string => (output === '' ? `${fact}.` : `${fact}:\n  ${output}`);

/** @param stderr of ssh. @param exitCode of ssh; 255 where it could not connect. */
export function connectionError(
  target: string,
  sshConfig: string | null,
  stderr: string,
  exitCode: number | null,
): DistributedError {
  const words = ['ssh', ...(sshConfig === null ? [] : ['-F', sshConfig])];
  const ssh = inText([...words, target]);
  const batch = inText([...words, '-o', 'BatchMode=yes', target, 'true']);
  const output = lastLines(stderr);
  const found = REFUSALS.find(([pattern]) => pattern.test(stderr))?.[1](ssh, batch) ?? {
    code: 'HOST_FAILED',
    fact: `ended the connection${exitCode === null ? '' : ` with exit code ${exitCode}`} before the agent had started`,
    remedy: `Look at what it printed, and try: ${ssh} echo works`,
  };
  const { code, fact, remedy } = found;
  return new DistributedError({ message: withOutput(`The host ${target} ${fact}`, output), code, remedy });
}

export const sshMissing = (cause: unknown): DistributedError =>
  new DistributedError({
    code: 'SSH_MISSING',
    message: 'There is no ssh on this machine (in PATH).',
    remedy: 'Install OpenSSH: apt-get install openssh-client.',
    cause,
  });

/** @param facts what the host printed: its PATH, and where a login shell finds Node. */
export function nodeMissing(target: string, facts: string): DistributedError {
  const cut = facts.lastIndexOf('|');
  const [path, found] = [facts.slice(0, cut), facts.slice(cut + 1).trim()];
  const folder = found.startsWith('/') ? found.slice(0, found.lastIndexOf('/')) : null;
  return new DistributedError({
    code: 'HOST_NODE_MISSING',
    message: `There is no Node on ${target} for commands over ssh, whose PATH is ${path}.`,
    remedy:
      folder === null
        ? `Install Node ${process.versions.node.split('.')[0]} there, or name its folder in jest-distributed.config.json: {"hosts": [{"target": "${target}", "path": "/opt/node/bin"}]}`
        : `A login shell there finds ${found}. Name that folder in jest-distributed.config.json: {"hosts": [{"target": "${target}", "path": "${folder}"}]}`,
  });
}

const majorOf = (version: string): string => version.replace(/^v/, '').split('.')[0] as string;

/** @throws DistributedError `HOST_NODE_DIFFERS`. */
export function checkNode(target: string, version: string): void {
  if (majorOf(version) === majorOf(process.version)) return;
  throw new DistributedError({
    code: 'HOST_NODE_DIFFERS',
    message: `${target} runs Node ${version}, and this machine ${process.version}: tests could pass on one and fail on the other.`,
    remedy: `Install Node ${majorOf(process.version)} there, or put its folder first: {"hosts": [{"target": "${target}", "path": "/opt/node${majorOf(process.version)}/bin"}]} in jest-distributed.config.json.`,
  });
}

export const diskFull = (target: string, folder: string, freeBytes: number | null): DistributedError =>
  new DistributedError({
    code: 'HOST_DISK_FULL',
    message: `The disk of ${target} is full${freeBytes === null ? '' : ` (${Math.floor(freeBytes / 2 ** 20)} MiB free)`}, where the copy of this checkout lies: ${folder}.`,
    remedy: `Free some there, remove old copies with "npx jest-distributed hosts clean --hosts ${target}", or name another "directory" for this host in the config file.`,
  });

/** Clocks that differ by more than this make a timeline that people cannot read. */
const CLOCK_MS = 60_000;

/** @param offMs by how much the host is ahead. @returns what to know of it, or null. */
export function clockWarning(target: string, offMs: number): DistributedError | null {
  if (Math.abs(offMs) <= CLOCK_MS) return null;
  const difference = `${formatDuration(Math.abs(offMs))} ${offMs > 0 ? 'ahead of' : 'behind'}`;
  return new DistributedError({
    code: 'HOST_CLOCK',
    message: `The clock of ${target} is ${difference} that of this machine: its tests stand at the wrong place of the timeline, and tests of dates may differ.`,
    remedy: 'Let it be set by NTP: timedatectl set-ntp true.',
  });
}

/** Less than an install usually needs. */
const LOW_BYTES = 500 * 2 ** 20;

export const lowDisk = (target: string, folder: string, freeBytes: number): DistributedError | null =>
  freeBytes < LOW_BYTES ? diskFull(target, folder, freeBytes) : null;

export const programMissing = (target: string, program: string, command: string, path: string): DistributedError =>
  new DistributedError({
    code: 'HOST_PROGRAM_MISSING',
    message: `There is no ${program} on ${target}, which "${command}" needs; the PATH of commands over ssh is ${path}.`,
    remedy: `Install it there, or name its folder: {"hosts": [{"target": "${target}", "path": "/opt/${program}/bin"}]} in jest-distributed.config.json.`,
  });

/** Another kind of machine is no error: what is native is installed there. */
export function archNotice({ platform, arch }: Pick<HostFacts, 'platform' | 'arch'>): string[] {
  if (platform === process.platform && arch === process.arch) return [];
  return [
    `${platform} ${arch}, and this machine is ${process.platform} ${process.arch}: native modules are installed for it there; what "copy" brings must fit both`,
  ];
}

/** @param why what the file system says, with the path. */
export const notWritable = (target: string, why: string): DistributedError =>
  new DistributedError({
    code: 'HOST_NOT_WRITABLE',
    message: `The copy of this checkout cannot be written on ${target}: ${why}`,
    remedy: `Let that user write there, or name another folder in jest-distributed.config.json: {"hosts": [{"target": "${target}", "directory": "/var/tmp/hosts"}]}`,
  });

/** What a call to the agent failed of. */
export function callError(target: string, folder: string, error: unknown): unknown {
  const text = error instanceof Error ? error.message : String(error);
  if (/ENOSPC|EDQUOT|No space left|Disk quota/.test(text)) return diskFull(target, folder, null);
  return /^(EACCES|EROFS|EPERM|ENOTDIR|EEXIST)\b/.test(text) ? notWritable(target, text) : error;
}
