/** What tells the workers of a host and of a run apart, in every way of running. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { host } from '../../support/hosts';
import { type Project, removeProject, runBin, runJest, writeProject } from '../../support/projects';

const seen = `
const fs = require('node:fs');
module.exports = (where) => {
  const { worker } = require('jest-distributed/worker');
  const { slot, slots, name, number, node, nodes, run } = worker;
  const id = process.env.JEST_WORKER_ID ?? null;
  fs.appendFileSync(process.env.SEEN, JSON.stringify({ where, id, slot, slots, name, number, node, nodes, run }) + '\\n');
};`;

const testFile = `
test('waits', async () => {
  require('../seen')('test');
  await new Promise((resolve) => setTimeout(resolve, 100));
});`;

const files = {
  'package.json': JSON.stringify({
    name: 'seen',
    jest: { globalSetup: './global.js', setupFiles: ['./file.js'], testEnvironment: './environment.js' },
  }),
  'seen.js': seen,
  'global.js': "module.exports = () => require('./seen')('globalSetup');",
  'file.js': "require('./seen')('setupFiles');",
  'environment.js': `
const { TestEnvironment } = require('jest-environment-node');
module.exports = class extends TestEnvironment {
  constructor(...args) {
    super(...args);
    require('./seen')('environment');
  }
};`,
  ...Object.fromEntries([1, 2, 3, 4].map((number) => [`tests/${number}.test.js`, testFile])),
};

interface Seen {
  readonly where: string;
  readonly id: string | null;
  readonly slot: number;
  readonly slots: readonly number[];
  readonly name: string;
  readonly number: number;
  readonly node: number;
  readonly nodes: number;
  readonly run: string;
}

let project: Project;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'seen-'));
  project = writeProject(host(30), files);
});
afterAll(() => {
  removeProject(project);
  rmSync(folder, { recursive: true, force: true });
});

let count = 0;
const environment = () => ({
  SEEN: path.join(folder, `seen-${++count}.jsonl`),
  JEST_DISTRIBUTED_SLOT_DIR: path.join(folder, 'slots'),
});
const read = (file: string): Seen[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Seen);

const sequencer = '--testSequencer=jest-distributed';
test.each([
  ['child processes', ['--maxWorkers=2'], 2],
  ['worker threads', ['--maxWorkers=2', '--workerThreads'], 2],
  ['in band', ['-i'], 1],
] as const)('%s: every place of a worker sees who it is', (_, args, workers) => {
  const variables = environment();
  const { exitCode, stderr } = runJest(project, [sequencer, ...args], variables);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const all = read(variables.SEEN);
  const slots = Array.from({ length: workers }, (_value, index) => index);
  const runs = new Set(all.map(({ run }) => run));
  expect([...runs]).toEqual([expect.stringMatching(/^local_[0-9a-f]{8}$/)]);
  expect(new Set(all.map(({ where }) => where))).toEqual(new Set(['globalSetup', 'setupFiles', 'environment', 'test']));
  for (const one of all) {
    const number = one.where === 'globalSetup' ? 1 : Number(one.id);
    expect(one).toMatchObject({ slot: number - 1, slots, name: `n1w${number}`, number, node: 1, nodes: 1 });
  }
});

test.each([
  ['shares', []],
  ['a queue', ['--queue']],
])('run --local with %s: no two workers of three nodes are one', (_, flags) => {
  const variables = environment();
  const { exitCode, stderr } = runBin(
    project,
    ['run', '--local', '--nodes', '3', ...flags, '--', '--maxWorkers=2'],
    variables,
  );
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const tests = read(variables.SEEN).filter(({ where }) => where === 'test');
  expect(tests).toHaveLength(4);
  const names = new Map<number, string>();
  for (const { slot, name, node, nodes, number } of tests) {
    expect({ nodes, name }).toEqual({ nodes: 3, name: `n${node}w${number}` });
    expect(names.get(slot) ?? name).toBe(name);
    names.set(slot, name);
  }
  expect(new Set(names.values()).size).toBe(names.size);
  expect(new Set(tests.map(({ run }) => run)).size).toBe(1);
});

test('a Jest that a test starts is no node, but its workers have slots of their own', () => {
  const nested = writeProject(host(30), {
    'package.json': JSON.stringify({ name: 'outer', jest: { testPathIgnorePatterns: ['/inner/'] } }),
    'seen.js': seen,
    'outer.test.js': `
test('starts a Jest', () => {
  const { spawnSync } = require('node:child_process');
  require('./seen')('outer');
  const jest = require.resolve('jest/bin/jest');
  const args = [jest, '--rootDir', 'inner', '--config', '{}', '${sequencer}', '-i'];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect({ status, stderr }).toMatchObject({ status: 0 });
}, 30000);`,
    'inner/inner.test.js': "test('is there', () => require('../seen')('inner'));",
  });
  const variables = environment();
  const { exitCode, stderr } = runJest(nested, [sequencer], {
    ...variables,
    JEST_DISTRIBUTED_NODES: '1',
    JEST_DISTRIBUTED_RUN_ID: 'Nightly 7',
  });
  removeProject(nested);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const [outer, inner] = read(variables.SEEN);
  expect(outer).toMatchObject({ where: 'outer', name: 'n1w1', run: expect.stringMatching(/^nightly_7_[0-9a-f]{8}$/) });
  expect(inner).toMatchObject({ where: 'inner', name: 'n1w1', run: expect.stringMatching(/^local_/) });
  expect(inner?.slot).not.toBe(outer?.slot);
});

test('under plain Jest there is one node', () => {
  const variables = environment();
  const { exitCode } = runJest(project, ['--maxWorkers=2'], { SEEN: variables.SEEN });
  expect(exitCode).toBe(0);
  for (const { where, id, slot, name, node, nodes, run } of read(variables.SEEN)) {
    if (where === 'globalSetup') continue;
    expect({ slot, name, node, nodes, run }).toEqual({
      ...{ slot: Number(id) - 1, name: `n1w${id}`, node: 1, nodes: 1, run: 'local' },
    });
  }
});
