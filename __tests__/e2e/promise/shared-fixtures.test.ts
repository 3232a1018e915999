/**
 * The three variants of nose's `_multiprocess_shared_`, with their outcomes: tests that share a fixture which is set up
 * once may run anywhere; a file that says nothing runs whole with its own set-up; and a file that is split although its
 * set-up can only be made once fails.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { host } from '../../support/hosts';
import { type Project, removeProject, runBin, writeProject } from '../../support/projects';

const tests = (use: string) =>
  Array.from({ length: 6 }, (_, index) => `test('number ${index + 1}', async () => { ${use} });`).join('\n');

/** Can be made once: a second server on the port, a second database of the name. */
const making = "require('node:fs').mkdirSync(require('node:path').join(process.env.WORLD, NAME));";
const ownSetup = (name: string) => `
const NAME = '${name}';
beforeAll(() => { ${making} });
${tests("expect(require('node:fs').existsSync(require('node:path').join(process.env.WORLD, NAME))).toBe(true);")}`;

const files = {
  'package.json': JSON.stringify({ name: 'shared', jest: { testEnvironment: 'node' } }),
  'server.js': `
const { defineFixture } = require('jest-distributed/worker');
const fs = require('node:fs');
module.exports = defineFixture({
  scope: 'run',
  setup: () => { fs.appendFileSync(process.env.WORLD + '/log', 'setup '); const NAME = 'shared'; ${making} return { name: NAME }; },
  teardown: () => fs.appendFileSync(process.env.WORLD + '/log', 'teardown '),
});`,
  'shared/shared.test.js': `/** @jest-distributed split */
const { useFixture } = require('jest-distributed/worker');
let server;
beforeAll(async () => { server = await useFixture(require('../server')); });
${tests("expect(server).toEqual({ name: 'shared' });")}`,
  'unmarked/unmarked.test.js': ownSetup('unmarked'),
  'split/split.test.js': `/** @jest-distributed split */${ownSetup('split')}`,
};

let project: Project;
let world: string;
beforeAll(() => {
  world = mkdtempSync(path.join(tmpdir(), 'world-'));
  project = writeProject(host(30), files);
});
afterAll(() => {
  removeProject(project);
  rmSync(world, { recursive: true, force: true });
});

function run(variant: string) {
  const args = ['run', '--local', '--nodes', '2', '--', '--ci', '--maxWorkers=2', variant];
  const environment = { WORLD: world, JEST_DISTRIBUTED_SLOT_DIR: path.join(world, 'slots') };
  const { exitCode, stderr } = runBin(project, args, environment);
  return { exitCode, stderr };
}

test('shared: split over two nodes, set up once and torn down once', () => {
  const result = run('shared/');
  expect(result).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/All 6 tests passed/) });
  expect(result.stderr).toMatch(/2 parts|split/);
  expect(readFileSync(path.join(world, 'log'), 'utf8')).toBe('setup teardown ');
});

test('unmarked: whole, with its own set-up', () => {
  expect(run('unmarked/')).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/All 6 tests passed/) });
});

test('split with a set-up that can be made once: fails, and is not green by halves', () => {
  const result = run('split/');
  expect(result).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('EEXIST') });
});
