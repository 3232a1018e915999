/** Kinds of a lost test or a false alarm that take an unusual call, a damaged result or an unusual machine. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Verdict } from '../../../src/proof/proof';
import { host } from '../../support/hosts';
import {
  type Finished,
  type Project,
  removeProject,
  runBin,
  runJest,
  startBin,
  writeProject,
} from '../../support/projects';

const passing = (name: string) => `test('${name}', () => {});\n`;

/** As a bundler leaves it: its map names the source by a URL of the bundler's own. */
const LIB = `module.exports = (x) => {
  if (x > 1) return 1;
  return 2;
};
//# sourceMappingURL=data:application/json;base64,${Buffer.from(
  JSON.stringify({ version: 3, sources: ['webpack:///./src/lib.ts'], names: [], mappings: 'AAAA;EACA,WAAW;EACX;AACA' }),
).toString('base64')}
`;

let project: Project;
beforeAll(() => {
  project = writeProject(host(30), {
    'package.json': '{ "name": "web", "private": true, "jest": {} }',
    'a.test.js': passing('a'),
    'b.test.js': passing('b'),
    'e2e/c.test.js': passing('c'),
    'lib.js': LIB,
    'lib.spec.js': "test('lib', () => { expect(require('./lib')(1)).toBe(2); });",
  });
});
afterAll(() => removeProject(project));

const inCi = (run: string) => ({ CI: 'true', JEST_DISTRIBUTED_RUN_ID: run });
const runOnly = (run: string, ...jestArgs: string[]): Finished =>
  runBin(project, ['run', '--nodes', '1', '--node-number', '1', '--', ...jestArgs], inCi(run));
const runFolder = (run: string) => path.join(project.dir, '.jest-distributed', 'report', run, 'default');
const verify = (run: string): Verdict =>
  JSON.parse(runBin(project, ['verify', '--json', path.dirname(runFolder(run))], inCi(run)).stdout) as Verdict;
const merge = (run: string, ...args: string[]): Finished => runBin(project, ['merge', ...args], inCi(run));
const says = ({ findings }: Verdict, code: string) =>
  findings.filter((finding) => finding.code === code).map(({ message }) => message);

test('calls that find other files by their arguments keep apart, and a merge looks for what they looked for', () => {
  const ignoring = ['--testPathIgnorePatterns', 'e2e'];
  expect(runOnly('calls', ...ignoring).exitCode).toBe(0);
  // A merge that was not told so finds a file more, and that is no file that never ran.
  // And a store that cannot be written, here for the length of its name, is a warning.
  const merged = merge('calls', '--timings', 'x'.repeat(250));
  expect([merged.exitCode, merged.stderr]).toEqual([
    0,
    expect.stringMatching(/warning: timings not updated: The timings file \S+ cannot be written: ENAMETOOLONG/),
  ]);
  writeFileSync(path.join(project.dir, 'new.test.js'), passing('new'));
  const { exitCode, stderr } = merge('calls', '--', ...ignoring);
  rmSync(path.join(project.dir, 'new.test.js'));
  expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/so it never\s+ran: new\.test/)]);

  expect(runOnly('calls', '--testMatch=**/e2e/*.js').exitCode).toBe(0);
  expect(readdirSync(runFolder('calls'))).toHaveLength(2);
  const verdict = verify('calls');
  const [named] = says(verdict, 'several-calls');
  expect([verdict.ok, named]).toEqual([false, expect.stringContaining('jest --testMatch "**/e2e/*.js"')]);
  expect(named).toContain('jest --testPathIgnorePatterns e2e');
});

test('coverage of a file whose map names another source counts as in a plain run', () => {
  const args = ['--testMatch=**/lib.spec.js', '--coverage', '--coverageReporters=json-summary'];
  const total = () =>
    (JSON.parse(readFileSync(path.join(project.dir, 'coverage', 'coverage-summary.json'), 'utf8')) as { total: object })
      .total;
  expect(runJest(project, args).exitCode).toBe(0);
  const plain = total();
  expect(plain).toMatchObject({ statements: { total: 4, covered: 3 } });
  expect(runOnly('maps', ...args).exitCode).toBe(0);
  const { exitCode, stderr } = merge('maps', '--', ...args);
  expect([exitCode, total()]).toEqual([0, plain]);
  expect(stderr.replace(/\s+/g, ' ')).toContain('this repository: lib.js (webpack:///./src/lib.ts).');
});

test('a node that cannot write its results ends red, with a message and the whole report of Jest', () => {
  const report = path.join(project.dir, '.jest-distributed', 'report');
  rmSync(report, { recursive: true, force: true });
  writeFileSync(report, '');
  const atStart = runOnly('broken', 'a.test');
  rmSync(report);
  writeFileSync(
    path.join(project.dir, 'z.test.js'),
    `test('z', () => { require('node:fs').rmSync(${JSON.stringify(report)}, { recursive: true }); });`,
  );
  const atEnd = runOnly('broken', 'z.test');
  rmSync(path.join(project.dir, 'z.test.js'));
  for (const { exitCode, stderr } of [atStart, atEnd]) {
    expect(stderr).toMatch(
      /jest-distributed: this node's blob cannot be written: (ENOTDIR|EEXIST|ENOENT).*\n.*exit code 1/,
    );
    expect(stderr).toMatch(/Tests: +1 passed, 1 total[\s\S]*Ran all test suites/);
    expect(exitCode).toBe(1);
  }
});

test('a second Ctrl-C kills nodes that do not end', async () => {
  const stubborn = writeProject(host(30), {
    'package.json': '{ "name": "stubborn", "private": true, "jest": { "globalSetup": "./setup.js" } }',
    'setup.js': "module.exports = () => { process.on('SIGINT', () => {}); };",
    ...Object.fromEntries(
      ['a', 'b'].map((name) => [
        `${name}.test.js`,
        `require('node:fs').appendFileSync('PIDS', process.pid + '\\n');
         test('blocks', () => { for (;;); });`,
      ]),
    ),
  });
  const file = path.join(stubborn.dir, 'PIDS');
  const pids = () => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : []);
  const isAlive = (pid: number) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  const until = async (what: () => boolean) => {
    while (!what()) await new Promise((resolve) => setTimeout(resolve, 50));
  };
  const child = startBin(stubborn, ['run', '--local', '--nodes', '2', '--', '-i']);
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const exit = new Promise<number | null>((resolve) => child.on('exit', resolve));
  await until(() => pids().length === 2);
  child.kill('SIGINT');
  await until(() => stderr.includes('SIGINT: the nodes are ended; Ctrl-C once more kills them'));
  expect(pids().every(isAlive)).toBe(true);
  child.kill('SIGINT');
  expect(await exit).toBe(130);
  expect(stderr).toContain('SIGINT again: the nodes are killed');
  expect(stderr).toContain('stopped by SIGINT');
  expect(pids().some(isAlive)).toBe(false);
  removeProject(stubborn);
}, 60_000);
