/** `--failed-of`: what failed in a run runs again, tests and not only files. */
import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { host } from '../../support/hosts';
import { type Finished, type Project, removeProject, runBin, writeProject } from '../../support/projects';

let project: Project;

beforeAll(() => {
  project = writeProject(host(30), {
    'package.json': '{ "name": "failed-of", "private": true }',
    'src/a.test.js':
      "describe('a (it)', () => { test('fails', () => { throw new Error('x'); }); test('passes', () => {}); });",
    'src/b.test.js': "test('b', () => {});",
    'src/c.test.js': "test('c fails', () => { throw new Error('x'); }); test('c', () => {});",
  });
});

afterAll(() => removeProject(project));

const blobsIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => path.join(folder, name));

const testsOf = ({ stderr }: Finished) => /Tests: +(.*)/.exec(stderr)?.[1];

test('the last run, a folder, several nodes; nothing failed; a run that is not there', () => {
  expect(runBin(project, ['run', '--local', '--nodes', '2']).exitCode).toBe(1);
  const again = runBin(project, ['run', '--local', '--nodes', '2', '--failed-of', 'last']);
  expect(again.stderr).toContain('2 tests failed in run local');
  expect(testsOf(again)).toBe('2 failed, 2 skipped, 4 total');
  expect(again.exitCode).toBe(1);

  const [run] = readdirSync(path.join(project.dir, '.jest-distributed', 'local'));
  // `run --local` keeps only its last one.
  const folder = 'artifacts';
  cpSync(path.join(project.dir, '.jest-distributed', 'local', run as string), path.join(project.dir, folder), {
    recursive: true,
  });
  writeFileSync(path.join(project.dir, 'src/a.test.js'), "describe('a (it)', () => { test('fails', () => {}); });");
  const nodes = [1, 2].map((number) =>
    runBin(project, ['run', '--nodes', '2', '--node-number', String(number), '--failed-of', folder]),
  );
  expect(nodes.map(({ exitCode }) => exitCode).sort()).toEqual([0, 1]);

  writeFileSync(path.join(project.dir, 'src/c.test.js'), "test('c fails', () => {});");
  rmSync(path.join(project.dir, '.jest-distributed', 'report'), { recursive: true });
  expect(runBin(project, ['run', '--failed-of', folder]).exitCode).toBe(0);
  const none = runBin(project, ['run', '--failed-of', 'local']);
  expect(none.stderr).toContain('failed in run local');
  // The report folder first: another run of that id is below local/.
  expect(none.stderr.replace(/\s+/g, ' ')).toContain('(.jest-distributed/report/local)');
  rmSync(path.join(project.dir, '.jest-distributed', 'report'), { recursive: true });

  // Renamed, it does not run any more.
  writeFileSync(path.join(project.dir, 'src/c.test.js'), "test('c renamed', () => {});");
  for (const args of [
    ['--nodes', '1'],
    ['--local', '--nodes', '2'],
  ]) {
    const renamed = runBin(project, ['run', ...args, '--failed-of', folder]);
    expect(renamed.stderr.replace(/\s+/g, ' ')).toContain('src/c.test.js: c fails failed before and did not run now');
    expect(renamed.exitCode).toBe(1);
  }

  // What a node without a blob has run is not known to be green.
  const [blob] = blobsIn(path.join(project.dir, folder));
  rmSync(blob as string);
  const incomplete = runBin(project, ['run', '--failed-of', folder]);
  expect(incomplete.stderr).toMatch(/The blob of node \d of 2 is missing/);
  expect(incomplete.stderr).toContain('[RECORDED_RUN_INCOMPLETE]');
  expect(incomplete.exitCode).toBe(1);
  const unknown = runBin(project, ['run', '--failed-of', '4711']);
  expect(unknown.stderr).toContain('[RECORDED_RUN_UNKNOWN]');
  expect(unknown.exitCode).toBe(1);
});
