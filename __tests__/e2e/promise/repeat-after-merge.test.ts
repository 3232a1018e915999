/** A node of a red run is repeated where the run was merged: the merge wrote new durations into a committed file. */
import { execFileSync, execSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { host } from '../../support/hosts';
import { type Project, removeProject, runBin, runJest, writeProject } from '../../support/projects';

let project: Project;

afterAll(() => removeProject(project));

const pause = (ms: number) => `test('${ms}', () => new Promise((done) => setTimeout(done, ${ms})));`;

function git(...args: string[]): void {
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false', ...args], {
    cwd: project.dir,
    stdio: 'ignore',
  });
}

test('the message has the command after which the repetition runs', () => {
  project = writeProject(host(30), {
    'package.json': '{ "name": "repeated", "private": true }',
    '.gitignore': 'node_modules\nresults.json\n',
    'jest.config.js': 'module.exports = {};',
    'a.test.js': `test('a', () => { expect(1).toBe(2); });`,
    'b.test.js': pause(20),
    'c.test.js': pause(300),
  });
  runJest(project, ['--json', '--outputFile=results.json']);
  runBin(project, ['timings', 'import', 'results.json']);
  git('init', '--quiet');
  git('config', 'core.autocrlf', 'false');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'test');

  const node = (number: number) => ['run', '--nodes', '2', '--node-number', String(number)];
  const ended = [1, 2].map((number) => ({ number, ...runBin(project, node(number)) }));
  const red = ended.find(({ exitCode }) => exitCode === 1) as (typeof ended)[number];
  const [, repeat] = /npx jest-distributed (run .*--expect-digest \S+)/.exec(
    red.stderr.replace(/\\\n\s+/g, ''),
  ) as RegExpExecArray;
  expect(runBin(project, ['merge']).exitCode).toBe(1);

  const words = (repeat as string).split(/\s+/);
  const stopped = runBin(project, words);
  expect(stopped.exitCode).toBe(1);
  expect(stopped.stderr).toContain('[DIGEST_DIFFERS]');
  const [, command] = /^ +(git checkout HEAD -- .*)$/m.exec(stopped.stderr) as RegExpExecArray;
  expect(command).toContain(path.join('.jest-distributed', 'timings.json'));
  execSync(command as string, { cwd: project.dir, stdio: 'ignore' });
  const repeated = runBin(project, words);
  expect(repeated.stderr).not.toContain('DIGEST_DIFFERS');
  expect(repeated.stderr).toMatch(/FAIL .*a\.test\.js/);
});
