/** Projects whose tests run on hosts that ssh reaches. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import type { Host } from './hosts';
import { type Finished, type Project, startBin, writeProject } from './projects';
import type { SshHosts } from './ssh-hosts';

const gitOf = (dir: string, ...args: string[]): void => {
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: dir, stdio: 'ignore' });
};

/** A repository with one commit. Hosts install by a link to what the tests of this package are run with. */
export function writeHostProject(
  host: Host,
  hosts: SshHosts,
  files: Readonly<Record<string, string>>,
  settings: Readonly<Record<string, unknown>> = {},
): Project {
  const install = `ln -sfn '${path.join(host.dir, 'node_modules')}' node_modules`;
  const project = writeProject(host, {
    'package.json': '{ "name": "shop", "private": true }',
    '.gitignore': 'node_modules\ncoverage\n*.log\n',
    'jest-distributed.config.json': JSON.stringify({
      hosts: { targets: hosts.names, sshConfig: hosts.config, install, ...settings },
    }),
    ...files,
  });
  gitOf(project.dir, 'init', '-q');
  gitOf(project.dir, 'add', '-A');
  gitOf(project.dir, 'commit', '-qm', 'one');
  return project;
}

/** What each host is reported to have done: `ready in …`. */
export const readyLines = ({ stderr }: Finished): string[] =>
  [...stderr.matchAll(/^(\w+: )ready in [^:]+: (.*)$/gm)].map(([, name, what]) => `${name}${what}`).sort();

/** `npx jest-distributed …`, while this process goes on: the ways to the hosts lead through it. */
export function runBin(
  project: Project,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const child = startBin(project, args, environment);
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return new Promise((resolve) => child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr })));
}
