/** What `run --local` must not hide, swallow or leave behind. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { host } from '../../support/hosts';
import { type Project, removeProject, runBin, startBin, writeProject } from '../../support/projects';

const PACKAGE = { 'package.json': '{ "name": "local", "private": true }' };

/** Passes, and notes that it ran. */
const noting = (name: string) =>
  `test('${name}', () => { require('node:fs').appendFileSync(require('node:path').join(__dirname, 'RAN'), '${name}\\n'); });`;

const LOCAL = ['run', '--local', '--nodes', '2'];

let project: Project;

afterEach(() => removeProject(project));

const localFolders = () =>
  readdirSync(path.join(project.dir, '.jest-distributed', 'local')).filter((name) => !name.startsWith('.'));

const until = async (what: () => boolean) => {
  while (!what()) await new Promise((resolve) => setTimeout(resolve, 100));
};

test('what tests print is seen, an open handle is named and ends, and long output is cut but kept', () => {
  project = writeProject(host(30), {
    ...PACKAGE,
    'a.test.js': `test('fails', () => { console.log('by the console'); process.stdout.write('raw\\n'); expect(1).toBe(2); });`,
    'handle.test.js': `test('a server', (done) => { require('node:net').createServer().listen(0, () => done()); });`,
    'long.test.js': `test('long', () => { for (let i = 0; i < 3000; i++) process.stdout.write('line ' + i + ' ' + 'x'.repeat(1000) + '\\n'); });`,
    // As people parse their command line; nothing behind two dashes is an option to them.
    'jest.config.js': `const { values } = require('node:util').parseArgs({ options: { mode: { type: 'string' } }, strict: false });
      if (!process.argv.includes('--ci') || !process.argv[1].endsWith('jest.js')) throw new Error('argv: ' + process.argv);
      module.exports = {};`,
  });
  const { stderr, exitCode } = runBin(project, [...LOCAL, '--', '--ci']);
  expect(stderr).toContain('by the console');
  expect(stderr).toMatch(/output of node \d:\n(.*\n)*? {2}raw\n/);
  expect(stderr).toMatch(/node \d did not end after the last test and was ended here/);
  expect(stderr).toContain('--detectOpenHandles finds it');
  expect(stderr).toContain('Tests:       1 failed, 2 passed, 3 total');
  expect(exitCode).toBe(1);

  expect(stderr).toContain('  line 0 x');
  expect(stderr).toContain('  line 2999 x');
  expect(stderr).not.toContain('line 1500 ');
  const log = /the complete output is in (\S+)/.exec(stderr)?.[1] as string;
  expect(statSync(path.join(project.dir, log)).size).toBeGreaterThan(3_000_000);

  // The command that repeats the failing node works until the next local run.
  const plan = /--plan \\?\s*(\S+plan\.json)/.exec(stderr)?.[1] as string;
  expect(existsSync(path.join(project.dir, plan))).toBe(true);
  const verified = runBin(project, ['verify', path.join(path.dirname(plan), 'report'), '--run-id', 'local']);
  expect(verified.stdout).toContain('3 of 3 items ran exactly once');
});

test('verbose shows all that was printed', () => {
  project = writeProject(host(30), {
    ...PACKAGE,
    'jest.config.js': 'module.exports = { verbose: true };',
    'a.test.js': `test('a', () => { console.log('seen of a'); });`,
    'b.test.js': `test('b', () => { for (let i = 0; i < 200; i++) process.stdout.write(i + 'x'.repeat(1000) + '\\n'); });`,
  });
  const { stderr, exitCode } = runBin(project, LOCAL);
  expect(stderr).toContain('seen of a');
  expect(stderr).toContain('  100xxx');
  expect(stderr).not.toContain('omitted here');
  expect(exitCode).toBe(0);
});

test('where no node comes to a file, the last words say how they ended', () => {
  project = writeProject(host(30), {
    ...PACKAGE,
    'a.test.js': noting('a'),
    'setup.js': `module.exports = () => { throw new Error('no database here'); };`,
  });
  const { stderr, exitCode } = runBin(project, [...LOCAL, '--', '--globalSetup=./setup.js']);
  expect(stderr).toMatch(/output of nodes? 1/);
  expect(stderr).toContain('no database here');
  expect(stderr.trim().split('\n').slice(-2).join(' ')).toMatch(
    /No node ran a file: nodes 1 and 2 ended with exit code 1\s+before their first file\.$/,
  );
  expect(exitCode).toBe(1);
});

test('disabled runs everything once, options of one node are refused, and each of two runs at once has its own folder', async () => {
  project = writeProject(host(30), {
    ...PACKAGE,
    ...Object.fromEntries(['a', 'b', 'c'].map((name) => [`${name}.test.js`, noting(name)])),
  });
  const ran = path.join(project.dir, 'RAN');
  const config = path.join(project.dir, 'jest-distributed.config.json');
  writeFileSync(config, '{ "disabled": true }');
  const disabled = runBin(project, LOCAL);
  expect(disabled.stderr).toContain('disabled by jest-distributed.config.json');
  expect(disabled.exitCode).toBe(0);
  expect(readFileSync(ran, 'utf8').trim().split('\n').sort()).toEqual(['a', 'b', 'c']);
  writeFileSync(config, '{}');

  const refused = runBin(project, [...LOCAL, '--report-dir', 'here']);
  expect(refused.stderr).toContain('--report-dir is "here", but run --local keeps');
  expect(refused.exitCode).toBe(1);

  const runs = [2, 3].map((nodes) => startBin(project, ['run', '--local', '--nodes', String(nodes)]));
  const codes = runs.map((child) => new Promise((resolve) => child.on('exit', resolve)));
  expect(await Promise.all(codes)).toEqual([0, 0]);
  expect(localFolders()).toHaveLength(2);
  expect(runBin(project, LOCAL).exitCode).toBe(0);
  expect(localFolders()).toHaveLength(1);
}, 60_000);

test('nodes end with a parent that is killed, also while a test blocks their main thread', async () => {
  project = writeProject(host(30), {
    ...PACKAGE,
    'a.test.js': `test('a', () => { require('node:fs').writeFileSync(require('node:path').join(__dirname, 'PID'), String(process.pid)); for (;;); });`,
  });
  const pid = path.join(project.dir, 'PID');
  const child = startBin(project, ['run', '--local', '--nodes', '1', '--', '-i']);
  await until(() => existsSync(pid) && readFileSync(pid, 'utf8') !== '');
  child.kill('SIGKILL');
  const isAlive = () => {
    try {
      process.kill(Number(readFileSync(pid, 'utf8')), 0);
      return true;
    } catch {
      return false;
    }
  };
  await until(() => !isAlive());
}, 60_000);
