/**
 * The first steps of the documentation on the older Jest, and one CI's file with a red node: the commands of the pages as
 * they stand, on an installed package. `__tests__/docs/commands.test.ts` runs all pages on the newest Jest.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { readPage } from '../../docs/pages';
import { type Host, host } from '../../support/hosts';
import { cleanEnvironment, type Project, removeProject, writeProject } from '../../support/projects';

const projects: Project[] = [];
afterAll(() => projects.forEach(removeProject));

function make(on: Host, files: Readonly<Record<string, string>>): Project {
  const project = writeProject(on, files);
  projects.push(project);
  const bins = path.join(project.dir, 'bins');
  mkdirSync(bins);
  const link = (name: string, line: string) => {
    writeFileSync(path.join(bins, name), `#!/bin/sh\n${line}\n`);
    chmodSync(path.join(bins, name), 0o755);
  };
  const modules = path.join(on.dir, 'node_modules');
  link('npx', 'exec "$@"');
  link('jest', `exec '${process.execPath}' '${path.join(modules, 'jest', 'bin', 'jest.js')}' "$@"`);
  link(
    'jest-distributed',
    `exec '${process.execPath}' '${path.join(modules, 'jest-distributed', 'dist', 'cli.js')}' "$@"`,
  );
  return project;
}

function type(project: Project, words: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  const [shell, ...args] = words as [string, ...string[]];
  const search = [path.join(project.dir, 'bins'), process.env.PATH].join(path.delimiter);
  const { status, stdout, stderr } = spawnSync(shell, args, {
    cwd: project.dir,
    env: cleanEnvironment({ PATH: search, ...variables }),
    encoding: 'utf8',
  });
  return { status, output: `${stdout}${stderr}` };
}

const passing = "test('adds', () => expect(1 + 1).toBe(2));\n";

// The blocks are for a POSIX shell, and say so.
const onPosix = process.platform === 'win32' ? describe.skip : describe;

onPosix('commands of the pages', () => {
  test('getting started works on Jest 29.7 from the first step to the last', () => {
    const names = ['text/wrap', 'text/slug', 'src/cart', 'src/order'];
    const project = make(host(29), {
      'package.json': '{ "name": "set-up", "private": true }',
      ...Object.fromEntries(names.map((name) => [`${name}.test.js`, passing])),
    });
    const typed = readPage('docs/getting-started.md').blocks.filter(
      ({ language, notRun }) => language === 'sh' && notRun === null,
    );
    expect(typed.length).toBeGreaterThanOrEqual(8);
    for (const { line, text } of typed) {
      const { status, output } = type(project, ['sh', '-e', '-c', text]);
      expect({ line, status, output: status === 0 ? '' : output }).toEqual({ line, status: 0, output: '' });
    }
    expect(existsSync(path.join(project.dir, '.jest-distributed', 'timings.json'))).toBe(true);
  }, 120_000);

  test("CircleCI's file: a red container keeps its blob and ends red, and the merge is red by the tests alone", () => {
    const project = make(host(30), {
      'package.json': '{ "name": "circle", "private": true }',
      ...Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [`${name}.test.js`, passing])),
      'e.test.js': "test('is wrong', () => expect(1).toBe(2));\n",
    });
    const { jobs } = parse(
      readPage('docs/guides/circleci.md').blocks.find(({ language }) => language === 'yaml')?.text as string,
    );
    const stored = path.join(project.dir, 'workspace');
    const kept = path.join(project.dir, '.jest-distributed', 'report');
    const count: number = jobs.test.parallelism;

    /** Steps of a job as CircleCI takes them: none after one that failed. */
    const runJob = (
      steps: readonly (string | Readonly<Record<string, unknown>>)[],
      variables: Record<string, string>,
    ) => {
      const bashEnv = path.join(project.dir, 'bash-env');
      writeFileSync(bashEnv, '');
      let output = '';
      for (const step of steps) {
        if (typeof step === 'string' || step.run === 'npm ci') continue;
        if ('persist_to_workspace' in step) cpSync(kept, stored, { recursive: true });
        if ('attach_workspace' in step) cpSync(stored, kept, { recursive: true });
        if (typeof step.run !== 'string') continue;
        const done = type(project, ['bash', '-eo', 'pipefail', '-c', step.run], { ...variables, BASH_ENV: bashEnv });
        output += done.output;
        if (done.status !== 0) return { status: done.status, output };
      }
      return { status: 0, output };
    };
    const circle = { CI: 'true', CIRCLECI: 'true', CIRCLE_WORKFLOW_ID: 'w-1' };
    const nodes = Array.from({ length: count }, (_, index) => {
      rmSync(kept, { recursive: true, force: true });
      const place = { CIRCLE_NODE_INDEX: `${index}`, CIRCLE_NODE_TOTAL: `${count}` };
      return runJob(jobs.test.steps, { ...circle, ...place });
    });
    const red = nodes.filter(({ status }) => status !== 0);
    // With what each of them printed, should it be another number.
    expect({ red: red.length, nodes: red.length === 1 ? [] : nodes }).toEqual({ red: 1, nodes: [] });
    rmSync(kept, { recursive: true, force: true });
    const merged = runJob(jobs.merge.steps, { ...circle, CIRCLE_NODE_INDEX: '0', CIRCLE_NODE_TOTAL: '1' });
    expect(merged).toEqual({ status: 1, output: expect.stringContaining('1 of 5 tests failed in 1 file') });
    expect(merged.output).not.toContain('[missing-node]');
    expect(readdirSync(path.join(stored, 'w-1', 'default'))).toHaveLength(count);
    expect(readFileSync(path.join(project.dir, '.jest-distributed', 'report.html'), 'utf8')).toContain('is wrong');
  }, 120_000);
});
