/** examples/hosts as its README says it, with the two servers that its script starts. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newestHosts } from '../support/hosts';
import { copyProject, type Project, removeProject, runBin } from '../support/projects';

let project: Project;
const homes = path.join(mkdtempSync(path.join(tmpdir(), 'jdx-')), 'homes');

const inProject = (command: string, ...args: string[]): string =>
  execFileSync(command, args, {
    cwd: project.dir,
    encoding: 'utf8',
    // Not those of a person who tries it by hand meanwhile.
    env: { ...process.env, FIRST_PORT: '22561', HOMES: homes },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

beforeAll(() => {
  const [host] = newestHosts();
  project = copyProject(host as NonNullable<typeof host>, 'examples/hosts');
  // What these tests are run with, in place of the registry.
  const file = path.join(project.dir, 'jest-distributed.config.json');
  const config = JSON.parse(readFileSync(file, 'utf8')) as { hosts: Record<string, unknown> };
  config.hosts.install = `ln -sfn '${path.join(project.host.dir, 'node_modules')}' node_modules`;
  writeFileSync(file, JSON.stringify(config));
  inProject('git', 'init', '-q');
});

afterAll(() => {
  inProject('sh', 'two-hosts.sh', 'stop');
  removeProject(project);
  rmSync(path.dirname(homes), { recursive: true });
});

test('two servers of one machine run it, and are left as they were', () => {
  expect(inProject('sh', 'two-hosts.sh', 'start')).toContain('first and second are ready');
  const check = runBin(project, ['hosts', 'check']);
  expect(check.stdout).toMatch(/^ok first: Node .*\nok second: Node /);
  const run = runBin(project, ['run', '--hosts', 'all']);
  expect(run.stderr.replace(/\s+/g, ' ')).toMatch(
    /3 hosts pull from one queue of \d+ files: first \(node 1\), second \(node 2\), local \(node 3\)/,
  );
  expect(run.stderr).toContain('All 16 tests passed: each of 8 files ran exactly once.');
  expect(run.exitCode).toBe(0);
  const clean = runBin(project, ['hosts', 'clean']);
  expect(clean.stdout.split('\n')).toEqual([
    `first: removed the copies of ${project.dir}`,
    `second: removed the copies of ${project.dir}`,
    '',
  ]);
}, 60_000);

test('the ssh config of machines that were just started', () => {
  const text = inProject('sh', 'cloud/ssh-config.sh', '203.0.113.7', '203.0.113.9');
  writeFileSync(path.join(project.dir, 'cloud.ssh'), text);
  const read = inProject('ssh', '-G', '-F', 'cloud.ssh', 'cloud2');
  expect(read).toMatch(/^hostname 203\.0\.113\.9$/m);
  expect(read).toMatch(/^user tests$/m);
});
