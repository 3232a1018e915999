/** The base classes come from the Jest that runs, however it was installed. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { host, hosts, hostsFolder } from '../support/hosts';
import { cleanEnvironment } from '../support/projects';

const root = path.join(__dirname, '..', '..');
const folder = path.join(hostsFolder(), `installs-${process.pid}`);

const environment = cleanEnvironment({ JEST_DISTRIBUTED_NODES: '2', JEST_DISTRIBUTED_NODE_NUMBER: '1' });

function execute(cwd: string, command: string, args: readonly string[], env = environment) {
  const { status, stdout, stderr } = spawnSync(command, [...args], { cwd, env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

function pack(): string {
  mkdirSync(folder, { recursive: true });
  const packed = execute(root, 'npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder]);
  expect(packed.status).toBe(0);
  return path.join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) as string);
}

function write(dir: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    writeFileSync(path.join(dir, name), content);
  }
}

const TESTS = { 'a.test.js': "test('a', () => {});", 'b.test.js': "test('b', () => {});" };

describe('installs', () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(hosts())('strict pnpm with Jest $jest', ({ jest, major }) => {
    const dir = path.join(folder, `pnpm-${major}`);
    const devDependencies = { jest, 'jest-distributed': `file:${pack()}` };
    write(dir, {
      ...TESTS,
      'package.json': JSON.stringify({ name: 'strict', private: true, devDependencies }),
      '.npmrc': 'hoist=false\nnode-linker=isolated\nauto-install-peers=false\n',
    });
    const pnpm = path.join(root, 'node_modules', 'pnpm', 'bin', 'pnpm.cjs');
    const installed = execute(
      dir,
      process.execPath,
      [pnpm, 'install', '--prefer-offline', '--silent'],
      cleanEnvironment(),
    );
    expect(installed.stderr + installed.stdout).not.toContain('ERR');
    expect(installed.status).toBe(0);
    const run = execute(dir, process.execPath, [pnpm, 'exec', 'jest', '--testSequencer=jest-distributed']);
    expect(run.stderr).toContain('node 1 of 2 runs 1 of 2 files');
    expect(run.status).toBe(0);
    const bin = execute(dir, process.execPath, [pnpm, 'exec', 'jest-distributed', 'run']);
    expect(bin.stderr).toContain('node 1 of 2 ran 1 of 1 file');
    expect(bin.status).toBe(0);
  });

  test('a package with Jest 29 in a monorepo whose root has Jest 30', () => {
    const dir = path.join(host(30).dir, 'projects', `monorepo-${process.pid}`);
    const inner = path.join(dir, 'packages', 'old');
    write(inner, {
      ...TESTS,
      'package.json': '{ "name": "old", "private": true }',
      'base.test.js': "test('base', () => {});",
    });
    // Only Jest is the package's own; ours is found at the root, beside Jest 30.
    mkdirSync(path.join(inner, 'node_modules'), { recursive: true });
    const probe = path.join(inner, 'which.js');
    writeFileSync(
      probe,
      `const Sequencer = require('jest-distributed');
       module.exports = class extends Sequencer {
         sort(tests) {
           const base = Object.getPrototypeOf(Sequencer);
           process.stderr.write('BASE ' + (base === require(${JSON.stringify(path.join(host(29).dir, 'node_modules', '@jest', 'test-sequencer'))}).default) + '\\n');
           return super.sort(tests);
         }
       };`,
    );
    const jest29 = path.join(host(29).dir, 'node_modules', 'jest', 'bin', 'jest.js');
    const { status, stderr } = execute(inner, process.execPath, [jest29, `--testSequencer=${probe}`]);
    expect(stderr).toContain('BASE true');
    expect(stderr).toMatch(/node 1 of 2 runs \d of 3 files/);
    expect(status).toBe(0);
    rmSync(dir, { recursive: true, force: true });
  });
});
