/** Mistakes of a first day: a workflow that numbers no node, results left over, a folder without any. */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { host } from '../../support/hosts';
import { type Project, removeProject, runBin, writeProject } from '../../support/projects';

let project: Project;

beforeEach(() => {
  project = writeProject(host(30), {
    'package.json': '{ "name": "first-day", "private": true }',
    '.gitignore': 'node_modules\n',
    ...Object.fromEntries(['a', 'b'].map((name) => [`src/${name}.test.js`, `test('${name}', () => {});`])),
  });
});

afterEach(() => removeProject(project));

const flat = (text: string) => text.replace(/\s+/g, ' ');

const shell = (command: string) => spawnSync(command, { cwd: project.dir, shell: true, encoding: 'utf8' });

test('jobs of GitHub that nobody numbers say what the workflow lacks, and their merge is red', () => {
  const github = { GITHUB_ACTIONS: 'true', GITHUB_RUN_ID: '7', GITHUB_RUN_ATTEMPT: '1', GITHUB_JOB: 'test' };
  const setup = /\n +env:\n +JEST_DISTRIBUTED_NODES: \$\{\{ strategy\.job-total \}\}\n +JEST_DISTRIBUTED_NODE_INDEX: /;
  for (const folder of ['one', 'two']) {
    const { exitCode, stderr } = runBin(project, ['run', '--report-dir', folder], github);
    expect(flat(stderr)).toContain('all files run here, as node 1 of 1: GitHub Actions does not give a job');
    expect(stderr).toMatch(setup);
    expect(exitCode).toBe(0);
  }
  const merged = runBin(project, ['merge', 'one', 'two'], github);
  expect(flat(merged.stderr)).toContain('2 jobs each ran all tests as node 1 of 1 (from default): one/7/');
  expect(merged.stderr).toMatch(setup);
  expect(merged.exitCode).toBe(1);
});

test('results left over are named with a command that removes them; git sees the timings alone; a folder without blobs changes nothing', () => {
  shell('git init -q . && git add . && git -c user.name=a -c user.email=a@b commit -qm one');
  expect(runBin(project, ['run']).stderr).not.toContain('add to the step');
  for (const node of ['1', '2']) runBin(project, ['run', '--nodes', '2', '--node-number', node]);
  const red = runBin(project, ['merge']);
  expect(flat(red.stderr)).toContain(
    'but node 1 of 1 (that job had no JEST_DISTRIBUTED_NODES) in .jest-distributed/report/local/default/',
  );
  expect(red.exitCode).toBe(1);
  const remedy = /^ +(rm \S+)$/m.exec(red.stderr)?.[1] as string;
  expect(shell(remedy).status).toBe(0);
  const green = runBin(project, ['merge']);
  expect(green.stderr).toContain('All 2 tests passed: each of 2 files ran exactly once.');
  expect(green.exitCode).toBe(0);

  const status = () => shell('git status --porcelain -uall').stdout.trim().split('\n').sort();
  expect(status()).toEqual(['?? .jest-distributed/.gitignore', '?? .jest-distributed/timings.json']);
  // Somebody's own rules stay.
  const ignore = path.join(project.dir, '.jest-distributed', '.gitignore');
  rmSync(ignore);

  const read = () =>
    ['report.html', 'timings.json'].map((name) =>
      readFileSync(path.join(project.dir, '.jest-distributed', name), 'utf8'),
    );
  const before = read();
  const nothing = runBin(project, ['merge', 'src']);
  expect(nothing.stderr).toContain('There is no blob in');
  expect(flat(nothing.stderr)).toContain('report not updated: there is no usable blob');
  expect(nothing.exitCode).toBe(1);
  expect(read()).toEqual(before);
  expect(status()).toContain('?? .jest-distributed/report.html');
});
