/** A process that has run many test files is no slower for the next one, whatever the test framework left in it. */
import { readFileSync, rmSync } from 'node:fs';
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
    // That of its own file, and one of Node.js or Jest at most.
    expect(Math.max(...seen.map(({ asked }) => asked))).toBeLessThanOrEqual(2);
  });
});
