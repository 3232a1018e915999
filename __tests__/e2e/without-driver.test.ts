/** Who uses no queue has no database driver and needs none; who uses one is told what to install. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { host } from '../support/hosts';
import { type Project, removeProject, runBin, runJest, writeProject } from '../support/projects';

/** Writes down every try to load a driver, in the process and its children. */
const trap = `
const Module = require('node:module');
const load = Module._load;
Module._load = function (request, ...rest) {
  if (/^(pg|@electric-sql\\/pglite)$/.test(request)) require('node:fs').appendFileSync(process.env.TRAP, request + '\\n');
  return load.call(this, request, ...rest);
};
`;
let project: Project;
let trapped: string;
let environment: Record<string, string>;

beforeEach(() => {
  project = writeProject(host(30), {
    'package.json': '{"name":"web"}',
    'trap.js': trap,
    'a.test.js': "test('adds', () => expect(1 + 1).toBe(2));\n",
    'b.test.js': "test('adds', () => expect(1 + 1).toBe(2));\n",
  });
  trapped = path.join(project.dir, 'trapped');
  environment = { NODE_OPTIONS: `--require ${JSON.stringify(path.join(project.dir, 'trap.js'))}`, TRAP: trapped };
});
afterEach(() => removeProject(project));

describe('beside a Jest without a database driver', () => {
  test('the package is installed without one: both are optional', () => {
    for (const name of ['pg', '@electric-sql/pglite']) {
      expect(existsSync(path.join(project.host.dir, 'node_modules', name))).toBe(false);
    }
  });

  test('nothing that needs no database looks for one', () => {
    for (const args of [
      ['run', '--nodes', '2', '--node-number', '1'],
      ['run', '--local', '--nodes', '2', '--', '--runInBand'],
      ['plan', '--nodes', '2'],
      ['timings', 'show'],
      ['db', 'migrate', '--print'],
      ['history', '--help'],
    ]) {
      const { exitCode, stderr } = runBin(project, args, environment);
      expect({ args, exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ args, exitCode: 0, stderr: '' });
      expect(existsSync(trapped)).toBe(false);
    }
  });

  test('a node of a queue is told before Jest says anything, of its driver and of its URL', () => {
    const url = 'postgres://me:hun%ter2@localhost/db';
    const variables = { JEST_DISTRIBUTED_RUN_ID: '7', JEST_DISTRIBUTED_DATABASE_URL: 'postgres://me:x@localhost/db' };
    for (const [finished, code] of [
      [runBin(project, ['run', '--run-id', '7', '--database-url', url]), 'DATABASE_URL_INVALID'],
      [runBin(project, ['run', '--local', '--nodes', '2', '--database-url', url]), 'DATABASE_URL_INVALID'],
      [runBin(project, ['run'], variables), 'PG_MISSING'],
      [runJest(project, ['--testSequencer=jest-distributed'], variables), 'PG_MISSING'],
    ] as const) {
      expect(finished.exitCode).toBe(1);
      expect(finished.stderr).toContain(`[${code}]`);
      expect(finished.stderr + finished.stdout).not.toMatch(/pulls? from|Ran all test suites|Test Suites:|ter2/);
    }
  });

  test('a command that asks a database names the package and how to install it', () => {
    const url = 'postgres://me:hunter2@localhost/db';
    const { exitCode, stdout, stderr } = runBin(project, ['history', '--database-url', url], environment);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toBe(
      'jest-distributed: The queue needs the package "pg", which is not installed. [PG_MISSING]\n' +
        '  Install it beside jest-distributed: npm install --save-dev pg\n' +
        '  More: npx jest-distributed help PG_MISSING\n',
    );
    // So the trap works.
    expect(readFileSync(trapped, 'utf8')).toBe('pg\n');
  });
});
