/** What keeps a host from running tests, as people read it. */
import {
  appendFileSync,
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
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
import type { CopyOwner } from '../../src/cli/hosts/protocol';
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

/** A program of that name, from lines of a shell. */
function scriptIn(folder: string, name: string, ...lines: string[]): string {
  const place = path.join(tools, folder);
  mkdirSync(place, { recursive: true });
  writeFileSync(path.join(place, name), ['#!/bin/sh', ...lines, ''].join('\n'));
  chmodSync(path.join(place, name), 0o755);
  return place;
}

/** A Node that sees every disk full. */
function fullDisk(): string {
  const file = path.join(tools, 'full-disk.js');
  writeFileSync(file, `require('node:fs').statfsSync = () => ({ bavail: 0, bsize: 4096 });`);
  return scriptIn('full', 'node', `exec '${process.execPath}' --require='${file}' "$@"`);
}

/** Installs a package of ours that only has a version, and what tells its build. */
const installPackage = (version: string): string =>
  [
    'rm -rf node_modules && mkdir -p node_modules/jest-distributed/dist',
    `echo '${JSON.stringify({ name: 'jest-distributed', version })}' > node_modules/jest-distributed/package.json`,
    'echo another > node_modules/jest-distributed/dist/build-digest.txt',
  ].join(' && ');

const { version } = JSON.parse(
  readFileSync(path.join(host.dir, 'node_modules', 'jest-distributed', 'package.json'), 'utf8'),
) as { readonly version: string };

/** Other names of the host ada, each with something that keeps it from running tests. */
const faulty = (): readonly Readonly<Record<string, unknown>>[] => [
  { target: 'unwritable', directory: path.join(ssh.folder, 'ada', 'key', 'copies') },
  { target: 'full', path: [fullDisk()] },
  { target: 'broken', path: [scriptIn('broken', 'node', 'echo libnode.so is missing >&2', 'exit 3')] },
  { target: 'unsynced', path: [scriptIn('unsynced', 'rsync', 'echo rsync is wrong here >&2', 'exit 12')] },
  { target: 'packageless', install: 'true' },
  { target: 'older', install: installPackage('0.0.1') },
  { target: 'rebuilt', install: installPackage(version) },
  { target: 'toolless', install: 'no-such-manager install' },
];

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
      ...[
        `Host ${faulty()
          .map(({ target }) => target)
          .join(' ')}`,
        '  HostName 127.0.0.1',
        `  Port ${ssh.linkOf('ada').port}`,
      ],
      ...[`  IdentityFile ${ssh.folder}/id`, '  IdentitiesOnly yes', `  UserKnownHostsFile ${ssh.folder}/known_hosts`],
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
    { env: { FROM_CONFIG: 'yes' }, targets: [...ssh.names, ...faulty()] },
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
  const names =
    'ada,bare,plain,other,old,stranger,changed,keyless,off,no-such-host.invalid,unwritable,full,broken,toolless';
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
  expect(blocks.get('unwritable')).toMatch(
    /^not usable unwritable: .* The copy of this checkout cannot be written on unwritable: \S+\/key is no folder \[HOST_NOT_WRITABLE\] Let that user write there, or name another folder/,
  );
  expect(blocks.get('full')).toMatch(
    /^ok full: .* The disk of full is full \(0 MiB free\), where the copy of this checkout lies: \S+\. \[HOST_DISK_FULL\]/,
  );
  expect(blocks.get('broken')).toMatch(
    /^not usable broken The host broken ended the connection with exit code 3 before the agent had started: \[HOST_FAILED\] libnode\.so is missing Look at what it printed, and try: ssh -F \S+ broken echo works/,
  );
  expect(blocks.get('toolless')).toMatch(
    /There is no no-such-manager on toolless, which "no-such-manager install" needs; .*\[HOST_PROGRAM_MISSING\] Install it there/,
  );
  expect(exitCode).toBe(1);
}, 40_000);

test('a run without rsync, with hosts that cannot be used, into a file of the checkout: the others run everything', async () => {
  // It grows while the checkout is copied, and is none of its files.
  const log = path.join(project.dir, 'out.txt');
  const output = openSync(log, 'w');
  const child = startBin(project, ['run', '--hosts', 'plain:1,old,keyless'], {}, ['ignore', output, output]);
  closeSync(output);
  const exitCode = await new Promise((resolve) => child.on('close', resolve));
  const stderr = readFileSync(log, 'utf8');
  rmSync(log);
  expect(stderr).toMatch(/^plain: ready in .*: 30\d files copied/m);
  expect(stderr).toMatch(/^old: old runs Node v16\.20\.2/m);
  expect(inOne(stderr)).toContain(
    'warning: node 2 (old) ran no tests: HOST_NODE_DIFFERS; the other nodes ran everything',
  );
  expect(inOne(stderr)).toContain('warning: node 3 (keyless) ran no tests: HOST_LOGIN_REFUSED; the other nodes');
  expect(stderr).toContain('1 test passed: 1 file ran exactly once.');
  expect(exitCode).toBe(0);
}, 40_000);

test('what keeps hosts from running once they are connected', async () => {
  const gate = path.join(tools, 'gate');
  writeFileSync(
    path.join(project.dir, 'b.test.js'),
    `test('b', async () => {
      while (!require('node:fs').existsSync('${gate}')) await new Promise((resolve) => setTimeout(resolve, 100));
    }, 40_000);`,
  );
  const names = 'ada:1,unwritable,full,unsynced,packageless,older,rebuilt,plain:1';
  const child = startBin(project, ['run', '--hosts', names, '--lease-seconds', '2']);
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    // Switched off while it runs a test, for good.
    if (/^node 8 \(plain\): started/m.test(stderr)) ssh.linkOf('plain').close();
    if (/^node 8 \(plain\): ended/m.test(stderr)) writeFileSync(gate, '');
  });
  const exitCode = await new Promise((resolve) => child.on('close', resolve));
  rmSync(path.join(project.dir, 'b.test.js'));
  const said = inOne(stderr);
  expect(said).toMatch(
    /unwritable: The copy of this checkout cannot be written on unwritable: ENOTDIR: .*\[HOST_NOT_WRITABLE\]/,
  );
  expect(said).toMatch(
    /full: The disk of full is full \(0 MiB free\), .* \[HOST_DISK_FULL\] Free some there, remove old copies with "npx jest-distributed hosts clean --hosts full", or name another "directory"/,
  );
  expect(said).toMatch(
    /unsynced: rsync could not copy this checkout to unsynced \(exit code 12\): \[HOST_COPY_FAILED\] .*rsync is wrong here/,
  );
  expect(said).toMatch(
    /packageless: jest-distributed is not installed in the copy on packageless \(.+?\)\. \[HOST_PACKAGE_MISSING\] Add it to the package\.json .*npm install --save-dev jest-distributed@/,
  );
  expect(said).toContain(
    `older: The copy on older has jest-distributed 0.0.1, and this machine ${version}. [HOST_PACKAGE_DIFFERS] Install here what the lock file says`,
  );
  expect(said).toContain(
    `rebuilt: The copy on rebuilt has another build of jest-distributed ${version} than this machine. [HOST_PACKAGE_DIFFERS] Install here`,
  );
  expect(said).toMatch(
    /plain: The connection to plain ended\. \[HOST_LOST\]; its files go to other hosts; connecting again in /,
  );
  expect(said).toContain('node 7 (rebuilt) ran no tests: HOST_PACKAGE_DIFFERS; the other nodes ran everything');
  expect(said).toContain('node 8 (plain) was lost: HOST_UNREACHABLE; the other nodes ran everything');
  expect(said).toMatch(/node name files .* 1 ada 2 2 0 /);
  expect(said).toContain('All 2 tests passed: each of 2 files ran exactly once.');
  expect(exitCode).toBe(0);
}, 60_000);

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
    /other: The copy on other is not what \S+ held when the run began: "data\/1\.txt" \(30\d files, digest \w+\)\. \[HOST_TREE_DIFFERS\]/,
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
    `"absent" (from copy of hosts in the config file) is no file or folder in ${withCopy.dir}. [HOST_COPY_MISSING] Make it before the run`,
  );
  writeFileSync(path.join(withCopy.dir, 'absent'), '');
  writeFileSync(Buffer.concat([Buffer.from(`${withCopy.dir}/caf`), Buffer.from([0xe9])]), '');
  expect(inOne((await runBin(withCopy, ['run', '--hosts', 'ada'])).stderr)).toMatch(
    /The name of the file "caf\S+" is not UTF-8, so it cannot be copied\. \[HOST_FILE_NAME\] Rename it, or let git ignore it\./,
  );
  const check = async (environment = {}) =>
    inOne((await runBin(withCopy, ['hosts', 'check', '--hosts', 'ada'], environment)).stdout);
  expect(await check({ PATH: pathWith('git') })).toContain(
    'not usable ada There is no ssh on this machine (in PATH). [SSH_MISSING] Install OpenSSH: apt-get install openssh-client.',
  );
  writeFileSync(path.join(tools, 'ssh_config'), 'Nonsense yes\n');
  const file = path.join(withCopy.dir, 'jest-distributed.config.json');
  writeFileSync(
    file,
    JSON.stringify({ hosts: { targets: ['ada'], install: 'true', sshConfig: path.join(tools, 'ssh_config') } }),
  );
  expect(await check()).toMatch(
    /The host ada cannot be reached, as ssh refuses its config file: \[SSH_CONFIG_INVALID\] .*Bad configuration option: nonsense .*Correct ~\/\.ssh\/config, or the file that sshConfig/,
  );
  removeProject(withCopy);
}, 40_000);

test('hosts clean removes the copies of this checkout', async () => {
  const copies = path.join(ssh.homeOf('ada'), '.jest-distributed', 'hosts');
  const checkouts = () =>
    readdirSync(copies).map(
      (name) => (JSON.parse(readFileSync(path.join(copies, name, 'owner.json'), 'utf8')) as CopyOwner).checkout,
    );
  const before = checkouts();
  expect(new Set(before).size).toBeGreaterThan(1);
  const { stdout, exitCode } = await runBin(project, ['hosts', 'clean', '--hosts', 'ada,off']);
  expect(stdout).toContain(`ada: removed the copies of ${project.dir}`);
  expect(stdout).toContain('[HOST_UNREACHABLE]');
  expect(exitCode).toBe(1);
  expect(checkouts().sort()).toEqual(before.filter((checkout) => checkout !== project.dir).sort());
  expect((await runBin(project, ['hosts', 'clean', '--all', '--hosts', 'ada'])).exitCode).toBe(0);
  expect(readdirSync(copies)).toEqual([]);
}, 20_000);
