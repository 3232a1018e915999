/** What was set or asked for, and came to nothing without a word. */
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { host } from '../../support/hosts';
import { type Project, removeProject, runBin, runJest, writeProject } from '../../support/projects';

const SEQUENCER = '--testSequencer=jest-distributed';

let project: Project;
beforeAll(() => {
  project = writeProject(host(30), {
    'package.json': '{ "name": "silent-settings", "private": true }',
    'jest.config.js': 'module.exports = {};',
    'a.test.js': "test('a', () => {});\n",
    'b.test.js': "test('b', () => {});\n",
    'junit.xml':
      '<testsuites><testsuite name="sums" time="1"><testcase classname="sums adds" name="sums adds" time="1"/></testsuite></testsuites>',
    // An install that is never run: only its versions are asked for.
    'old/package.json': '{ "name": "old", "private": true }',
    'old/node_modules/jest/package.json': '{ "name": "jest", "version": "28.1.3" }',
    'old/node_modules/jest-cli/package.json': '{ "name": "jest-cli", "version": "28.1.3" }',
    'old/node_modules/jest-cli/bin/jest.js': '',
    'old/node_modules/@jest/core/package.json':
      '{ "name": "@jest/core", "version": "28.1.3", "main": "build/index.js" }',
    'old/node_modules/@jest/core/build/index.js': '',
  });
});
afterAll(() => removeProject(project));

describe("Bazel's shard status file", () => {
  const run = (index: number, extra: Record<string, string> = {}, args: readonly string[] = []) => {
    const file = path.join(project.dir, 'status', 'file');
    rmSync(path.dirname(file), { recursive: true, force: true });
    const environment = {
      BAZEL_TEST: '1',
      TEST_SHARD_INDEX: String(index),
      TEST_TOTAL_SHARDS: '3',
      TEST_SHARD_STATUS_FILE: file,
      ...extra,
    };
    const { exitCode, stderr } = runJest(project, [SEQUENCER, ...args], environment);
    return { exitCode, ran: stderr.match(/^Tests: +(?<ran>.*)$/m)?.groups?.ran, touched: existsSync(file) };
  };

  test('is made by every shard, also by one without a file', () => {
    const shards = [run(0), run(1), run(2)];
    expect(shards.map(({ exitCode, touched }) => ({ exitCode, touched }))).toEqual(
      Array(3).fill({ exitCode: 0, touched: true }),
    );
    expect(shards.map(({ ran }) => ran).sort()).toEqual(['0 total', '1 passed, 1 total', '1 passed, 1 total']);
  });

  test('is not made where the shard is not what decides', () => {
    const everything = { ran: '2 passed, 2 total', touched: false, exitCode: 0 };
    expect(run(0, { JEST_DISTRIBUTED_DISABLED: '1' })).toEqual(everything);
    expect(run(0, { JEST_DISTRIBUTED_NODES: '1' })).toEqual(everything);
  });
});

describe('a flag of ours given to Jest', () => {
  test('stops Jest, which would ignore it', () => {
    const { exitCode, stderr } = runJest(project, [SEQUENCER, '--nodes=2', '--node-number=1']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('--nodes and --node-number are flags of jest-distributed, and Jest itself ignores them.');
    expect(stderr).toContain('JEST_DISTRIBUTED_NODES and JEST_DISTRIBUTED_NODE_NUMBER');
    expect(stderr).not.toContain('PASS');
  });

  test('stops a command of ours that has it behind the two dashes', () => {
    const { exitCode, stderr } = runBin(project, ['run', '--', '--nodes=2']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Give it before "--": npx jest-distributed run --nodes=2');
    expect(stderr).not.toContain('PASS');
  });
});

test('a Jest that is not supported is named before it is started', () => {
  const old: Project = { ...project, dir: path.join(project.dir, 'old') };
  for (const args of [['run'], ['run', '--local', '--nodes', '2'], ['plan', '--nodes', '2']]) {
    const { exitCode, stderr } = runBin(old, args);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^jest-distributed: Jest 28\.1\.3 is not supported .* Supported: Jest 29\.7 and later/);
  }
});

test('a JUnit report without paths comes with the remedy', () => {
  const { exitCode, stderr } = runBin(project, ['timings', 'import', 'junit.xml']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('sums: the report does not say which file it is\n');
  expect(stderr).toContain('JEST_JUNIT_ADD_FILE_ATTRIBUTE=true');
  expect(stderr).toContain('Import a report of this project that says which file each test is of.');
});
