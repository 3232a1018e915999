/** Brings a checkout to a host: asks what is there, and sends what is not. */
import { spawn } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { nameBelow } from '../../blob/portable-names';
import { DistributedError } from '../../errors';
import type { HostSettings } from '../../options/hosts';
import { countOf } from '../../reports/terminal/format';
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

const MOST_NAMED = 3;

/** Why the copy is not what the checkout was. @param names of the files that differ; none where only their names do. */
function differs(target: string, { top, tree }: Checkout, names: readonly string[]): DistributedError {
  const more = names.length > MOST_NAMED ? ` and ${countOf(names.length - MOST_NAMED, 'other file')}` : '';
  const which = names.length === 0 ? '' : `: ${names.slice(0, MOST_NAMED).map(inQuotes).join(', ')}${more}`;
  return new DistributedError({
    code: 'HOST_TREE_DIFFERS',
    message: `The copy on ${target} is not what ${top} held when the run began${which} (${countOf(tree.files.length, 'file')}, digest ${tree.digest.slice(0, 8)}).`,
    remedy:
      'Files were changed meanwhile: run again when nothing writes them. What a build writes, or the output of this command, belongs into .gitignore.',
  });
}

const inQuotes = (name: string): string => JSON.stringify(name);

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
      const { code, path: gone = top } = error as NodeJS.ErrnoException;
      // A file that was there when the run began.
      throw code === 'ENOENT' ? differs(host.target, checkout, [nameBelow(top, gone)]) : error;
    });
  }
  if (!(await isEqual())) {
    const { wanted: unlike } = await wire.call('compare', { files: tree.files });
    throw differs(
      host.target,
      checkout,
      unlike.map((index) => (tree.files[index] as TreeFile).path),
    );
  }
  return { files: files.length, bytes };
}
