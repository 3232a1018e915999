/** Brings a checkout to a host: asks what is there, and sends what is not. */
import { spawn } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { DistributedError } from '../../errors';
import type { HostSettings } from '../../options/hosts';
import type { AgentWire } from './connect-host';
import { diskFull } from './host-errors';
import type { HostFacts, WriteRequest } from './protocol';
import { rsyncProgram, rsyncShell, sshOptions } from './remote-command';
import type { Tree, TreeFile } from './tree';

export interface Checkout {
  /** Absolute. */
  readonly top: string;
  readonly tree: Tree;
}

export interface Copied {
  /** Files that were sent. */
  readonly files: number;
  readonly bytes: number;
}

/** So few bytes go over the connection that is there; rsync needs one of its own. */
const FEW_BYTES = 1024 * 1024;
const FEW_FILES = 200;
/** Of one call. */
const BATCH_BYTES = 512 * 1024;

const sumOf = (files: readonly TreeFile[]): number => files.reduce((sum, { size }) => sum + size, 0);

/** Calls that write the files, each of about a batch. */
function* batches(top: string, files: readonly TreeFile[]): Generator<WriteRequest[]> {
  let batch: WriteRequest[] = [];
  let bytes = 0;
  for (const { path: name, kind } of files) {
    const file = path.join(top, name);
    const content = kind === 'link' ? Buffer.from(readlinkSync(file)) : readFileSync(file);
    let offset = 0;
    do {
      const piece = content.subarray(offset, offset + BATCH_BYTES);
      batch.push({ path: name, kind, offset, data: piece.toString('base64') });
      bytes += piece.length;
      offset += piece.length;
      if (bytes >= BATCH_BYTES || batch.length >= FEW_FILES) {
        yield batch;
        batch = [];
        bytes = 0;
      }
    } while (offset < content.length);
  }
  if (batch.length > 0) yield batch;
}

async function sendByAgent(wire: AgentWire, top: string, files: readonly TreeFile[]): Promise<void> {
  for (const batch of batches(top, files)) await wire.call('write', { files: batch });
}

interface RsyncRun {
  readonly host: HostSettings;
  readonly sshConfig: string | null;
  /** Absolute path on the host. */
  readonly folder: string;
  /** It ends with this: it has a connection of its own. */
  readonly wire: AgentWire;
}

/** @returns false where this machine has no rsync. */
function sendByRsync(
  { host, sshConfig, folder, wire }: RsyncRun,
  top: string,
  files: readonly TreeFile[],
): Promise<boolean> {
  const args = [
    // What differs is known by its content; times and sizes may be equal.
    ...['--links', '--perms', '--times', '--ignore-times', '--from0', '--files-from=-'],
    ...['-e', rsyncShell(['ssh', ...sshOptions(sshConfig)])],
    // The shell of the host reads this, and no other path.
    `--rsync-path=${rsyncProgram(folder, host.path)}`,
    ...['--', `${top}/`, `${host.target}:./`],
  ];
  return new Promise((resolve, reject) => {
    const child = spawn('rsync', args, { stdio: ['pipe', 'ignore', 'pipe'], detached: process.platform !== 'win32' });
    wire.onClose(() => void child.kill());
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString()).slice(-8_000);
    });
    child.stdin.on('error', () => undefined);
    child.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? resolve(false) : reject(error)));
    child.on('close', (exitCode) => {
      if (exitCode === 0) return resolve(true);
      if (/No space left|Disk quota/.test(errors)) return reject(diskFull(host.target, folder, null));
      reject(
        new DistributedError({
          code: 'HOST_COPY_FAILED',
          message: `rsync could not copy this checkout to ${host.target} (exit code ${exitCode}):\n  ${errors.trim().split('\n').slice(-4).join('\n  ')}`,
          remedy: 'Look at what it printed. Files must not change while they are copied.',
        }),
      );
    });
    child.stdin.end(files.map((file) => `${file.path}\0`).join(''));
  });
}

/** Why the copy is not what the checkout was. */
function differs(target: string, { top, tree }: Checkout): DistributedError {
  return new DistributedError({
    code: 'HOST_TREE_DIFFERS',
    message: `The copy on ${target} is not what ${top} held when the run began (${tree.files.length} files, digest ${tree.digest.slice(0, 8)}).`,
    remedy:
      'Were files changed meanwhile, by you or a build? Run again when they rest; what a build writes belongs into .gitignore.',
  });
}

/**
 * @throws DistributedError `HOST_TREE_DIFFERS` where the copy is not equal afterwards; `HOST_COPY_FAILED`,
 * `HOST_DISK_FULL`.
 */
export async function copyTree(
  wire: AgentWire,
  checkout: Checkout,
  host: HostSettings,
  sshConfig: string | null,
  facts: HostFacts,
): Promise<Copied> {
  const { top, tree } = checkout;
  const isEqual = async () => (await wire.call('digest', {})).digest === tree.digest;
  if (await isEqual()) return { files: 0, bytes: 0 };
  const { wanted } = await wire.call('compare', { files: tree.files });
  const files = wanted.map((index) => tree.files[index] as TreeFile);
  const bytes = sumOf(files);
  // Links that rsync finds changed under it, and all that is little, go by the agent.
  const isFew = bytes <= FEW_BYTES && files.length <= FEW_FILES;
  if (bytes > facts.freeBytes) throw diskFull(host.target, facts.folder, facts.freeBytes);
  const byRsync =
    !isFew &&
    facts.hasRsync &&
    (await sendByRsync({ host, sshConfig, folder: `${facts.folder}/tree`, wire }, top, files));
  if (!byRsync) {
    await sendByAgent(wire, top, files).catch((error: unknown) => {
      // A file that was there when the run began.
      throw (error as NodeJS.ErrnoException)?.code === 'ENOENT' ? differs(host.target, checkout) : error;
    });
  }
  if (!(await isEqual())) throw differs(host.target, checkout);
  return { files: files.length, bytes };
}
