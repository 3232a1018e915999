/** `run --burn-in`: a flaky test is red where it is brought. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { host } from '../../support/hosts';
import { type Project, removeProject, runBin, writeProject } from '../../support/projects';

let project: Project;

const git = (...args: string[]) =>
  spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: project.dir, encoding: 'utf8' });

beforeAll(() => {
  project = writeProject(host(30), {
    'package.json': '{ "name": "burn-in", "private": true, "jest": { "projects": [{ "displayName": "web" }] } }',
    '.gitignore': 'node_modules\n.jest-distributed\ncount\n',
    'old.test.js': "test('old', () => {});",
  });
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-qm', 'one');
  git('checkout', '-qb', 'topic');
});

afterAll(() => removeProject(project));

const flat = (text: string) => text.replace(/\s+/g, ' ');

test('nothing differs; a new test that fails at times; a base that git does not know', () => {
  const burnIn = (...more: string[]) => runBin(project, ['run', '--burn-in', '60s', ...more]);
  const none = burnIn();
  expect(flat(none.stderr)).toContain('burn-in: no test file differs from main');
  expect(none.exitCode).toBe(0);

  // Fails in every third of its runs.
  writeFileSync(
    path.join(project.dir, 'new.test.js'),
    `const { existsSync, readFileSync, writeFileSync } = require('node:fs');
    test('counts', () => {
      const count = existsSync('count') ? Number(readFileSync('count', 'utf8')) + 1 : 1;
      writeFileSync('count', String(count));
      expect(count % 3).not.toBe(2);
    });`,
  );
  // An entry that the change brings does not exempt its test.
  const day = new Date().toISOString().slice(0, 10);
  const held = {
    project: 'web',
    file: 'new.test.js',
    test: 'counts',
    owner: 'me',
    reason: 'counts',
    since: day,
    until: day,
  };
  const quarantine = path.join(project.dir, 'jest-distributed.quarantine.json');
  writeFileSync(quarantine, JSON.stringify({ tests: [held] }));
  const flaky = burnIn('--nodes', '2', '--node-number', '1');
  expect(flat(flaky.stderr)).toContain('burn-in: web: new.test.js: counts is flaky: 1 of 2 failed');
  // Said again below what Jest prints, with what to do.
  const end = flat(flaky.stderr.slice(flaky.stderr.indexOf('Ran all test suites')));
  expect(end).toContain(
    'red: burn-in found 1 flaky test that this change brings or touches to see when they fail: npx jest-distributed grind new.test.js',
  );
  expect(flaky.exitCode).toBe(1);
  const other = burnIn('--nodes', '2', '--node-number', '2');
  expect(flat(other.stderr)).toContain('burn-in: the changed test files are for other nodes');
  const merged = runBin(project, ['merge']);
  expect(flat(merged.stderr)).toContain('burn-in found 1 flaky test that this change brings or touches');
  expect(merged.exitCode).toBe(1);

  // One that was there before does, and is named.
  git('checkout', '-q', 'main');
  git('add', 'jest-distributed.quarantine.json');
  git('commit', '-qm', 'quarantine');
  git('checkout', '-qb', 'other');
  const exempt = burnIn('--nodes', '1', '--', '-i');
  expect(flat(exempt.stderr)).toContain('burn-in: web: new.test.js: counts is in quarantine and does not decide');
  expect(exempt.exitCode).toBe(0);

  // Its path is none of the names that --selectProjects takes.
  const ground = runBin(project, [
    'grind',
    'old.test.js',
    '--times',
    '1',
    '--condition',
    'alone',
    '--',
    '--selectProjects',
    'web',
  ]);
  expect(flat(ground.stdout)).toContain('1 run of Jest');
  expect(ground.exitCode).toBe(0);

  const unknown = burnIn('--burn-in-base', 'gone');
  expect(unknown.stderr).toContain('[BURN_IN_BASE_UNKNOWN]');
  expect(runBin(project, ['run', '--burn-in', 'long']).stderr).toContain('[BURN_IN_INVALID]');
});
