/** What keeps a host from running tests, as people read it. */
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runBin, writeHostProject } from '../support/host-projects';
import { newestHosts } from '../support/hosts';
import { type Project, removeProject, startBin, writeProject } from '../support/projects';
import { type SshHosts, startSshHosts } from '../support/ssh-hosts';

const [host] = newestHosts();
if (host === undefined) throw new Error('no Jest');
const tools = mkdtempSync(path.join(tmpdir(), 'jdt-'));
const major = process.versions.node.split('.')[0];

/** A folder for a PATH with these programs of this machine alone. */
function pathWith(...programs: string[]): string {
  const folder = path.join(tools, programs.join('-') || 'nothing');
  mkdirSync(folder, { recursive: true });
  for (const program of programs) {
    const file =
      program === 'node'
        ? process.execPath
        : ['/usr/bin', '/bin']
            .map((bin) => path.join(bin, program))
            .find((one) => readdirSync(path.dirname(one)).includes(program));
    symlinkSync(file as string, path.join(folder, program));
  }
  return folder;
}

/** Another machine, as its Node sees it. */
function otherMachine(): string {
  const file = path.join(tools, 'other-machine.js');
  writeFileSync(
    file,
    `const now = Date.now; Date.now = () => now() - 3_600_000; Object.defineProperty(process, 'arch', { value: 'arm64' });`,
  );
  return `--require=${file}`;
}

/** A Node of another major version, as far as it is asked. */
function oldNode(): string {
  const folder = path.join(tools, 'old');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'node'), `#!/bin/sh\necho '@jest-distributed-agent {"node":"v16.20.2"}'\n`);
  chmodSync(path.join(folder, 'node'), 0o755);
  return folder;
}

let ssh: SshHosts;
let project: Project;

beforeAll(async () => {
  ssh = await startSshHosts(['ada', 'bare', 'plain', 'other', 'old'], {
    bare: { PATH: pathWith('tail') },
    plain: { PATH: pathWith('node', 'ln') },
    other: { NODE_OPTIONS: otherMachine() },
    old: { PATH: oldNode() },
  });
  const known = path.join(ssh.folder, 'ada', 'key.pub');
  appendFileSync(
    ssh.config,
    [
      ...['Host stranger', `  Port ${ssh.linkOf('ada').port}`, `  UserKnownHostsFile ${tools}/none`],
      ...['Host changed', `  Port ${ssh.linkOf('ada').port}`, `  UserKnownHostsFile ${tools}/wrong`],
      ...['Host keyless', `  Port ${ssh.linkOf('ada').port}`, `  UserKnownHostsFile ${ssh.folder}/known_hosts`],
      ...['Host off', '  Port 9'],
      ...['Host stranger changed keyless off', '  HostName 127.0.0.1', '  GlobalKnownHostsFile /dev/null'],
      ...[`  IdentityFile ${known}`, '  IdentitiesOnly yes'],
      '',
    ].join('\n'),
  );
  const wrong = readFileSync(path.join(ssh.folder, 'bare', 'key.pub'), 'utf8')
    .split(' ')
    .slice(0, 2)
    .join(' ');
  writeFileSync(path.join(tools, 'wrong'), `[127.0.0.1]:${ssh.linkOf('ada').port} ${wrong}\n`);
  project = writeHostProject(
    host,
    ssh,
    {
      'a.test.js': `test('a', async () => new Promise((resolve) => setTimeout(resolve, 3_000)));`,
      ...Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`data/${n}.txt`, String(n)])),
    },
    { env: { FROM_CONFIG: 'yes' } },
  );
}, 30_000);

afterAll(() => {
  removeProject(project);
  ssh.stop();
  rmSync(tools, { recursive: true, force: true });
});

/** Lines in one, so that where they are broken does not matter. */
const inOne = (text: string): string => text.replace(/\s+/g, ' ');

test('hosts check: each host with what keeps it from running tests', async () => {
  const names = 'ada,bare,plain,other,old,stranger,changed,keyless,off,no-such-host.invalid';
  const { stdout, exitCode } = await runBin(project, ['hosts', 'check', '--hosts', names]);
  const blocks = new Map(
    stdout
      .split(/^(?=ok |not usable )/m)
      .map((block) => [/^(?:ok|not usable) ([\w.-]+)/.exec(block)?.[1] as string, inOne(block)]),
  );
  expect([...blocks.keys()]).toEqual(names.split(','));
  expect(blocks.get('ada')).toMatch(
    new RegExp(
      `^ok ada: Node ${process.versions.node}, linux \\w+, \\d+ cores?, [\\d.]+ GiB free in ${ssh.homeOf('ada')}`,
    ),
  );
  expect(blocks.get('bare')).toMatch(
    /^not usable bare There is no Node on bare for commands over ssh, whose PATH is \S+\. \[HOST_NODE_MISSING\] (A login shell there finds \/|Install Node \d+ there)/,
  );
  expect(blocks.get('plain')).toMatch(/^ok plain: .* no rsync: files are sent through the connection/);
  expect(blocks.get('other')).toMatch(/^ok other: /);
  expect(blocks.get('other')).toMatch(/The clock of other is .+ behind that of this machine.*\[HOST_CLOCK\]/);
  expect(blocks.get('other')).toMatch(/linux arm64, and this machine is linux/);
  expect(blocks.get('old')).toContain(`old runs Node v16.20.2, and this machine ${process.version}`);
  expect(blocks.get('old')).toMatch(/\[HOST_NODE_DIFFERS\] Install Node \d+ there/);
  expect(blocks.get('old')).toContain(`Install Node ${major} there`);
  expect(blocks.get('stranger')).toMatch(
    /\[HOST_KEY_UNKNOWN\] .*Connect once by hand, compare the key and accept it: ssh -F \S+ stranger/,
  );
  expect(blocks.get('changed')).toMatch(/\[HOST_KEY_CHANGED\] .*ssh-keygen -R/);
  expect(blocks.get('keyless')).toMatch(/\[HOST_LOGIN_REFUSED\] .*Permission denied.*ssh-copy-id/);
  expect(blocks.get('off')).toMatch(/The host off does not answer: \[HOST_UNREACHABLE\] .*Connection refused/);
  expect(blocks.get('no-such-host.invalid')).toMatch(/\[HOST_NOT_FOUND\] .*Could not resolve hostname/);
  expect(exitCode).toBe(1);
}, 40_000);

test('a run without rsync, with hosts that cannot be used: the others run everything', async () => {
  const { stderr, exitCode } = await runBin(project, ['run', '--hosts', 'plain:1,old,keyless']);
  expect(stderr).toMatch(/^plain: ready in .*: 30\d files copied/m);
  expect(stderr).toMatch(/^old: old runs Node v16\.20\.2/m);
  expect(inOne(stderr)).toContain(
    'warning: node 2 (old) ran no tests: HOST_NODE_DIFFERS; the other nodes ran everything',
  );
  expect(inOne(stderr)).toContain('warning: node 3 (keyless) ran no tests: HOST_LOGIN_REFUSED; the other nodes');
  expect(stderr).toContain('All 1 test passed: each of 1 file ran exactly once.');
  expect(exitCode).toBe(0);
}, 40_000);

test('no host can be used: the run is red', async () => {
  const { stderr, exitCode } = await runBin(project, ['run', '--hosts', 'keyless']);
  expect(inOne(stderr)).toContain('No node ran a file: node 1 ran no tests: HOST_LOGIN_REFUSED.');
  expect(exitCode).toBe(1);
}, 20_000);

test('files that change during the run: a host that comes later does not run others', async () => {
  ssh.linkOf('other').stall();
  const child = startBin(project, ['run', '--hosts', 'ada:1,other:1']);
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const end = new Promise((resolve) => child.on('close', resolve));
  for (let tries = 0; tries < 200 && !stderr.includes('node 1 (ada): started'); tries++) await sleep(50);
  writeFileSync(path.join(project.dir, 'data/1.txt'), 'changed');
  ssh.linkOf('other').cut('end');
  ssh.linkOf('other').mend();
  expect(await end).toBe(0);
  expect(inOne(stderr)).toMatch(
    /other: The copy on other is not what \S+ held when the run began .*\[HOST_TREE_DIFFERS\]/,
  );
}, 40_000);

test('an install that fails shows what it printed', async () => {
  const broken = writeHostProject(
    host,
    ssh,
    { 'a.test.js': `test('a', async () => {});` },
    { install: 'echo 404 no such package; exit 3' },
  );
  const { stderr, exitCode } = await runBin(broken, ['run', '--hosts', 'ada']);
  expect(inOne(stderr)).toMatch(
    /"echo 404 no such package; exit 3" failed on ada with exit code 3: \[HOST_INSTALL_FAILED\] 404 no such package/,
  );
  expect(exitCode).toBe(1);
  removeProject(broken);
}, 20_000);

test('what stops a run before any host is asked', async () => {
  const config = (value: unknown) =>
    writeFileSync(path.join(empty.dir, 'jest-distributed.config.json'), JSON.stringify(value));
  const empty = writeProject(host, { 'package.json': '{ "name": "none" }', 'a.test.js': `test('a', async () => {});` });
  const run = async (...args: string[]) => inOne((await runBin(empty, args)).stderr);
  expect(await run('hosts', 'check')).toContain('[HOSTS_MISSING]');
  expect(await run('run', '--hosts', 'all')).toContain('[HOSTS_NOT_CONFIGURED]');
  expect(await run('run', '--hosts', 'a,b,a')).toContain('The host a is named twice (from --hosts). [HOST_TWICE]');
  expect(await run('run', '--hosts', 'a', '--nodes', '2')).toContain('[HOSTS_AND_NODES]');
  expect(await run('run', '--hosts', 'a', '--', '--changedSince=main')).toContain('[HOSTS_ONLY_CHANGED]');
  expect(await run('run', '--hosts', 'a')).toContain('[HOSTS_NEED_GIT]');
  expect(await run('run', '--hosts', '$(reboot)')).toContain('[OPTION_INVALID]');
  mkdirSync(path.join(empty.dir, '.git'));
  expect(await run('run', '--hosts', 'a')).toContain('[HOST_LOCK_FILE_MISSING]');
  config({ hosts: { targets: ['a'], install: 'true', copy: 'absent' } });
  rmSync(path.join(empty.dir, '.git'), { recursive: true });
  removeProject(empty);
  const withCopy = writeHostProject(host, ssh, { 'a.test.js': `test('a', async () => {});` }, { copy: ['absent'] });
  expect(inOne((await runBin(withCopy, ['run', '--hosts', 'ada'])).stderr)).toContain(
    '"absent" (from copy of hosts in the config file) is no file or folder',
  );
  removeProject(withCopy);
}, 40_000);

test('hosts clean removes the copies of this checkout', async () => {
  const before = readdirSync(path.join(ssh.homeOf('ada'), '.jest-distributed', 'hosts'));
  expect(before.length).toBeGreaterThan(1);
  const { stdout, exitCode } = await runBin(project, ['hosts', 'clean', '--hosts', 'ada,off']);
  expect(stdout).toContain(`ada: removed the copies of ${project.dir}`);
  expect(stdout).toContain('[HOST_UNREACHABLE]');
  expect(exitCode).toBe(1);
  const after = readdirSync(path.join(ssh.homeOf('ada'), '.jest-distributed', 'hosts'));
  expect(after).toHaveLength(before.length - 1);
  expect((await runBin(project, ['hosts', 'clean', '--all', '--hosts', 'ada'])).exitCode).toBe(0);
  expect(readdirSync(path.join(ssh.homeOf('ada'), '.jest-distributed', 'hosts'))).toEqual([]);
}, 20_000);
