/** A process that has run many test files is no slower for the next one, whatever the test framework left in it. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hosts } from '../support/hosts';
import { type Project, removeProject, runJest, writeProject } from '../support/projects';

const FILES = 6;
/** Keeps Jest from running few short files in band. */
const LIMIT = '--workerIdleMemoryLimit=1GB';

/**
 * Counts how many storages Node.js asks at one promise (before version 24; later it asks none), in the last test of each
 * file, where that of jest-circus is in use.
 */
const testFile = (name: string) => `
const { appendFileSync } = require('node:fs');
const { AsyncLocalStorage } = require('node:async_hooks');
const { threadId } = require('node:worker_threads');
test('its own storage works', async () => {
  const storage = new AsyncLocalStorage();
  await storage.run('mine', async () => {
    await null;
    expect(storage.getStore()).toBe('mine');
  });
  storage.disable();
});
test('asks few', async () => {
  const { _propagate } = AsyncLocalStorage.prototype;
  let asked = 0;
  if (_propagate) AsyncLocalStorage.prototype._propagate = function (...args) {
    asked += 1;
    return _propagate.apply(this, args);
  };
  new Promise(() => {});
  AsyncLocalStorage.prototype._propagate = _propagate;
  const seen = { file: ${JSON.stringify(name)}, place: [process.pid, threadId].join(), name: AsyncLocalStorage.name, asked };
  appendFileSync('seen.jsonl', JSON.stringify(seen) + '\\n');
});
`;

/** Counts in each file how many stores of the files before it are still in memory. */
const enteringFile = `
const hooks = require('node:async_hooks');
require('node:v8').setFlagsFromString('--expose-gc');
const collect = require('node:vm').runInNewContext('gc');
const storage = new hooks.AsyncLocalStorage();
const store = new Array(1e5).fill(1.5);
storage.enterWith(store);
test('in its context', async () => {
  await null;
  expect(storage.getStore()).toBe(store);
  // Of the realm outside of the file: something of its own would keep all of it in memory.
  const outside = hooks.AsyncLocalStorage.constructor('return globalThis')();
  outside.stores ??= outside.Array();
  await new Promise((resolve) => setTimeout(resolve, 20));
  collect();
  require('node:fs').appendFileSync('kept.txt', outside.stores.filter((one) => one.deref()).length + ',');
  outside.stores.push(new outside.WeakRef(store));
});
afterAll(() => storage.disable());
`;

const replacingFile = `
const hooks = require('node:async_hooks');
Object.defineProperty(hooks, 'AsyncLocalStorage', {
  configurable: true,
  value: class { run(_store, work) { return work(); } getStore() { return { id: 7 }; } },
});
test('replaces the class', () => expect(new hooks.AsyncLocalStorage().getStore()).toEqual({ id: 7 }));
`;

const spyingFile = `
const { AsyncLocalStorage } = require('node:async_hooks');
test('disables nothing', () => {
  jest.spyOn(AsyncLocalStorage.prototype, 'disable').mockImplementation(() => { throw new Error('disable fails'); });
});
`;

const names = Array.from({ length: FILES }, (_, index) => `f${index}.test.js`);

describe.each(hosts())('$name', (host) => {
  let project: Project;
  beforeAll(() => {
    project = writeProject(host, {
      'package.json': '{ "name": "storages", "private": true, "jest": { "testEnvironment": "node" } }',
      ...Object.fromEntries(names.map((name) => [name, testFile(name)])),
    });
  });
  afterAll(() => removeProject(project));

  test.each([
    ['in band', ['-i'], {}, 1],
    ['in workers', ['-w', '2', LIMIT], {}, 2],
    ['in worker threads', ['-w', '2', LIMIT, '--workerThreads'], {}, 2],
    ['in files whose tests are split', ['-i', '--ci'], { JEST_DISTRIBUTED_HASH_BY: 'test' }, 1],
  ] as const)('%s', (_title, args, environment, places) => {
    const seenFile = path.join(project.dir, 'seen.jsonl');
    const result = runJest(project, ['--testSequencer=jest-distributed', ...args], environment);
    expect(result).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(`${FILES} passed`) });
    const seen = readFileSync(seenFile, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    rmSync(seenFile);
    expect(seen.map(({ file }) => file).sort()).toEqual(names);
    expect(new Set(seen.map(({ place }) => place)).size).toBe(places);
    expect(new Set(seen.map(({ name }) => name))).toEqual(new Set(['AsyncLocalStorage']));
    // That of its own file, and the one of ours that stands for those of the files before it.
    expect(Math.max(...seen.map(({ asked }) => asked))).toBeLessThanOrEqual(2);
  });

  test('what a test enters outlives its file no more often than under plain Jest', () => {
    const entering = writeProject(host, {
      'package.json': '{ "name": "entering", "private": true, "jest": { "testEnvironment": "node" } }',
      ...Object.fromEntries(names.map((name) => [name, enteringFile])),
    });
    const keptIn = (...args: string[]) => {
      const result = runJest(entering, ['-i', ...args]);
      expect(result).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(`${FILES} passed`) });
      const kept = readFileSync(path.join(entering.dir, 'kept.txt'), 'utf8').split(',').slice(0, FILES).map(Number);
      rmSync(path.join(entering.dir, 'kept.txt'));
      return kept.reduce((sum, count) => sum + count, 0);
    };
    // One more in each file may be in memory still; were all of them kept, it would be 15 and not 5.
    expect(keptIn('--testSequencer=jest-distributed')).toBeLessThan(keptIn() + FILES);
    removeProject(entering);
  });

  test('tests may replace the class of Node.js, or what it can do', () => {
    const replacing = writeProject(host, {
      'package.json': '{ "name": "replacing", "private": true, "jest": { "testEnvironment": "node" } }',
      'replaces.test.js': replacingFile,
      'other.test.js': "test('other', () => {});",
      'again.test.js': replacingFile,
    });
    const run = (...files: string[]) => runJest(replacing, ['-i', '--testSequencer=jest-distributed', ...files]);
    expect(run()).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('3 passed') });
    writeFileSync(path.join(replacing.dir, 'spies.test.js'), spyingFile);
    expect(run('spies', 'other')).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('2 passed') });
    removeProject(replacing);
  });
});
