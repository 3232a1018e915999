/** Where Jest is content to find no test file, nodes, merge, plan and local run are green; a mistyped path is red. */
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hosts } from '../../support/hosts';
import { cleanEnvironment, type Project, removeProject, runBin, runJest, writeProject } from '../../support/projects';

function git(cwd: string, ...args: string[]): void {
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
    cwd,
    env: cleanEnvironment(),
    stdio: 'ignore',
  });
}

const FILES = {
  'package.json': '{ "name": "docs", "private": true }',
  '.gitignore': '.jest-distributed\n',
  'README.md': 'hello\n',
  'a.test.js': "test('a', () => {});",
  'b.test.js': "test('b', () => {});",
};

describe.each(hosts())('on Jest $jest', (host) => {
  let project: Project;

  beforeAll(() => {
    project = writeProject(host, FILES);
    git(project.dir, 'init', '-q', '-b', 'main');
    git(project.dir, 'add', '.');
    git(project.dir, 'commit', '-qm', 'first');
    git(project.dir, 'checkout', '-q', '-b', 'docs');
    writeFileSync(path.join(project.dir, 'README.md'), 'more\n');
    git(project.dir, 'commit', '-qam', 'docs');
  });

  afterAll(() => removeProject(project));

  const since = ['--', '--changedSince=main'];

  test('a change of documents is green on nodes, in the merge and in a local run', () => {
    expect(runBin(project, ['plan', '--nodes', '2', '--out', 'plan.json', ...since]).exitCode).toBe(0);
    const first = runBin(project, ['run', '--nodes', '2', '--node-number', '1', ...since]);
    expect(first.stderr).toContain('node 1 of 2: there is nothing to run');
    expect(first.exitCode).toBe(0);
    // The second obeys the empty plan, and is wired by hand.
    const ours = ['--testSequencer=jest-distributed', '--reporters=default', '--reporters=jest-distributed/reporter'];
    const environment = { JEST_DISTRIBUTED_NODES: '2', JEST_DISTRIBUTED_NODE_NUMBER: '2' };
    const second = runJest(project, [...ours, '--changedSince=main'], {
      ...environment,
      JEST_DISTRIBUTED_PLAN: 'plan.json',
    });
    expect(second.stderr).toContain('node 2 of 2: there is nothing to run');
    expect(second.exitCode).toBe(0);
    const merged = runBin(project, ['merge', '--expect-nodes', '2', ...since]);
    expect(merged.stderr).toContain(`There was nothing to run: no test file is related`);
    expect(merged.stderr).toContain('timings not updated: there was nothing to run');
    expect(merged.exitCode).toBe(0);
    const local = runBin(project, ['run', '--local', '--nodes', '2', ...since]);
    expect(local.stderr).toContain(`There was nothing to run: no test file is related`);
    expect(local.exitCode).toBe(0);
  });

  test('a node that finds nothing where another finds files makes the merge red', () => {
    rmSync(path.join(project.dir, '.jest-distributed'), { recursive: true, force: true });
    runBin(project, ['run', '--nodes', '2', '--node-number', '1', '--', '--passWithNoTests']);
    runBin(project, ['run', '--nodes', '2', '--node-number', '2', ...since]);
    const { stdout, exitCode } = runBin(project, ['verify', '--expect-nodes', '2']);
    expect(stdout).toContain('Node 2 found nothing to run');
    expect(exitCode).toBe(1);
  });

  test('a mistyped path is red everywhere', () => {
    rmSync(path.join(project.dir, '.jest-distributed'), { recursive: true, force: true });
    const node = runBin(project, ['run', '--nodes', '2', '--node-number', '1', '--', 'nowhere']);
    expect(node.stdout + node.stderr).toContain('No tests found, exiting with code 1');
    expect(node.exitCode).toBe(1);
    expect(runBin(project, ['merge', '--expect-nodes', '2']).exitCode).toBe(1);
    const local = runBin(project, ['run', '--local', '--nodes', '2', '--', 'nowhere']);
    expect(local.stderr).toContain('Jest finds no test file');
    expect(local.exitCode).toBe(1);
  });
});
