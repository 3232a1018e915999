/**
 * A queue on one machine, as people start it: parts of split files in Jest's workers, a node that is killed, a test that
 * ends its process. What needs a database is in `../queue.test.ts`.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { host, hosts } from '../../support/hosts';
import { type Project, removeProject, runBin, writeProject } from '../../support/projects';

jest.setTimeout(120_000);

const projects: Project[] = [];
afterAll(() => {
  for (const project of projects) removeProject(project);
});

const config = JSON.stringify({ name: 'queued', private: true, jest: { testEnvironment: 'node', transform: {} } });
// Appended by whoever runs a test, so that it shows what ran and how often.
const prelude =
  "const did = (id) => require('node:fs').appendFileSync(require('node:path').join(__dirname, 'ran.log'), id + '\\n');\n";

function setUp(major: 29 | 30, files: Readonly<Record<string, string>>) {
  const project = writeProject(host(major), { 'package.json': config, 'ran.log': '', ...files });
  projects.push(project);
  return {
    local: (args: readonly string[], jestArgs: readonly string[], environment: Record<string, string> = {}) =>
      runBin(project, ['run', '--local', '--nodes', '2', '--queue', ...args, '--', '--ci', ...jestArgs], environment),
    ran: () => readFileSync(path.join(project.dir, 'ran.log'), 'utf8').split('\n').filter(Boolean).sort(),
    project,
  };
}

const flat = (text: string): string => text.replace(/\s+/g, ' ');

describe.each(hosts().map(({ major }) => major))('on Jest %i', (major) => {
  test('each part of a split file runs its own tests in a worker process', () => {
    const suites = [0, 1, 2].map(
      (suite) =>
        `describe('s${suite}', () => { for (const n of [0, 1]) test('t' + n, () => did('s${suite}t' + n)); });\n`,
    );
    // More files than one, and none that Jest knows to be fast: it then uses its workers.
    const others = Object.fromEntries(
      ['a', 'b'].map((id) => [`${id}.test.js`, `${prelude}test('x', () => did('${id}'));\n`]),
    );
    const run = setUp(major, { 'giant.test.js': prelude + suites.join(''), ...others });
    const { exitCode, stdout, stderr } = run.local(['--hash-by', 'suite'], ['-w', '2']);
    expect({ exitCode, said: exitCode === 0 ? '' : stdout + stderr }).toEqual({ exitCode: 0, said: '' });
    expect(run.ran()).toEqual(['a', 'b', 's0t0', 's0t1', 's1t0', 's1t1', 's2t0', 's2t1']);
    expect(flat(stderr + stdout)).toContain('All 8 tests passed: each of 3 files ran exactly once.');
  });
});

test('what a killed node held goes to the other one at once, and not after the lease', () => {
  const killer = `${prelude}const fs = require('node:fs');
test('kills its node the first time', () => {
  const flag = require('node:path').join(__dirname, 'killed');
  did('k');
  if (fs.existsSync(flag)) return;
  fs.writeFileSync(flag, '');
  process.kill(process.pid, 'SIGKILL');
  for (;;);
});\n`;
  const run = setUp(30, { 'k.test.js': killer, 'a.test.js': `${prelude}test('x', () => did('a'));\n` });
  // With this lease the run would not end within the time of this test.
  const { stdout, stderr } = run.local([], ['-w', '1'], { JEST_DISTRIBUTED_LEASE_SECONDS: '600' });
  expect(run.ran()).toEqual(['a', 'k', 'k']);
  expect(flat(stdout + stderr)).toMatch(/node \d: killed by SIGKILL/);
});

test('a test that ends its process with code 0 makes no green node', () => {
  const run = setUp(30, { 'p.test.js': `${prelude}test('exits', () => { did('p'); process.exit(0); });\n` });
  const { exitCode, stdout, stderr } = run.local([], ['-w', '1']);
  expect(exitCode).toBe(1);
  const said = flat(stdout + stderr);
  expect(said).toMatch(/node 1: failed with exit code 1/);
  expect(said).toMatch(/node 2: failed with exit code 1/);
  expect(said).toContain('ended with exit code 0 while it ran p.test.js');
});
