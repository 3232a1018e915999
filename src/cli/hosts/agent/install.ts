/** Installs the dependencies of a copy, where what they are made of has changed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Installed, InstallRequest } from '../protocol';
import type { CopyFolder } from './copy-folder';

/** Characters of the output that are reported. */
const OUTPUT_LENGTH = 4_000;

/** What the command was run for; another Node or machine needs other native modules. */
const stampOf = ({ command, stamp }: InstallRequest): string =>
  JSON.stringify([command, stamp, process.platform, process.arch, process.versions.modules]);

function isInstalled({ installed }: CopyFolder, stamp: string): boolean {
  return existsSync(installed) && readFileSync(installed, 'utf8') === stamp;
}

/** @param onStart gets the process, which leads a group of its own. */
export async function install(
  copy: CopyFolder,
  request: InstallRequest,
  onStart: (child: ChildProcess) => void,
): Promise<Installed> {
  const stamp = stampOf(request);
  if (isInstalled(copy, stamp)) return { ran: false, exitCode: 0, output: '' };
  rmSync(copy.installed, { force: true });
  const log = path.join(copy.path, 'install.log');
  const output = openSync(log, 'w', 0o600);
  const child = spawn('/bin/sh', ['-c', request.command], {
    cwd: path.join(copy.tree, request.folder),
    stdio: ['ignore', output, output],
    detached: true,
  });
  closeSync(output);
  onStart(child);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
  if (exitCode === 0) writeFileSync(copy.installed, stamp, { mode: 0o600 });
  return { ran: true, exitCode, output: exitCode === 0 ? '' : readFileSync(log, 'utf8').slice(-OUTPUT_LENGTH) };
}
