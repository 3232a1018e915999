/** `grind` and `bisect` on tests whose flakiness is known; what they print runs as it is printed. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { host } from '../../support/hosts';
import {
  cleanEnvironment,
  type Finished,
  ourBin,
  type Project,
  removeProject,
  runBin,
  writeProject,
} from '../../support/projects';

let project: Project;

beforeAll(() => {
  project = writeProject(host(30), {
    'package.json': '{ "name": "flaky", "private": true }',
    'order.test.js': `
      const cart = [];
      test('is empty', () => expect(cart).toHaveLength(0));
      test('takes an item', () => { cart.push(1); });
      test('other', () => {});`,
    // Node's own modules are shared by all files of a worker.
    'sets.test.js': "test('sets', () => { require('node:os').hostname = () => 'fixture'; });",
    'reads.test.js': "test('reads (the host)', () => expect(require('node:os').hostname()).not.toBe('fixture'));",
    // What hooks and variables of a node give is there in a probe too.
    'jest-distributed.config.json': '{ "nodes": 3, "env": { "PORT": "{4000+slot}" }, "nodeSetup": "./node-setup.cjs" }',
    'node-setup.cjs': "module.exports = async () => ({ DATABASE: 'made' });",
    'needs-setup.test.js': `test('has both', () => {
      expect(process.env.DATABASE).toBe('made');
      expect(Number(process.env.PORT)).toBeGreaterThanOrEqual(4000);
    });`,
    'clean-a.test.js': "test('a', () => {});",
    'clean-b.test.js': "test('b', () => {});",
  });
});

afterAll(() => removeProject(project));

/** The last command that is printed, as a shell runs it. */
function runPrinted({ stdout }: Finished): number | null {
  const command = /to rerun it:\n((?: {2,}.*\n)+)/.exec(stdout)?.[1] as string;
  const { host: installed } = project;
  const bins = { jest: path.join(installed.dir, 'node_modules', 'jest', 'bin', 'jest.js'), ours: ourBin(installed) };
  const text = command
    .replace(/npx jest-distributed/, `'${process.execPath}' '${bins.ours}'`)
    .replace(/npx jest(?= )/, `'${process.execPath}' '${bins.jest}'`);
  return spawnSync('sh', ['-c', text.trim()], { cwd: project.dir, env: cleanEnvironment() }).status;
}

const flat = (text: string) => text.replace(/\s+/g, ' ');

test('grind: what fails only in another order of its tests, with a command that repeats it', () => {
  const args = ['grind', 'order', '--times', '4', '--seed', '7', '--condition', 'alone,shuffled', '--json', 'out.json'];
  const finished = runBin(project, args);
  expect(flat(finished.stdout)).toContain('order.test.js: is empty verdict ORDER-DEPENDENT');
  expect(flat(finished.stdout)).toContain('alone 0 of 5 failed (0 %, 95 % sure: 0 % to 43 %)');
  expect(finished.exitCode).toBe(1);
  const written = JSON.parse(readFileSync(path.join(project.dir, 'out.json'), 'utf8'));
  expect(written).toMatchObject({
    seed: 7,
    tests: [{ test: 'is empty', verdict: 'ORDER-DEPENDENT', condition: 'shuffled' }],
  });
  expect(runPrinted(finished)).toBe(1);
});

test('grind: a clean test, a fix that is verified, verdicts that may be', () => {
  const clean = runBin(project, ['grind', 'needs-setup', '--times', '1']);
  expect(flat(clean.stdout)).toContain('3 runs of Jest');
  expect(flat(clean.stdout)).toContain('no test failed (1 test)');
  expect(clean.exitCode).toBe(0);
  const fixed = runBin(project, ['grind', 'clean-a', '--was', '3/4']);
  expect(flat(fixed.stdout)).toContain('3 green runs in a row are 95 % sure');
  expect(flat(fixed.stdout)).toContain('corrected, 95 % sure: 3 of 3 runs passed alone');
  expect(fixed.exitCode).toBe(0);
  // Each by itself would say nothing of what they do to each other.
  const apart = runBin(project, ['grind', 'clean', '--was', '3/4']);
  expect(flat(apart.stderr)).toMatch(/--was is given for 2 files, and without --in-order .* \[GRIND_OPTION_INVALID\]/);
  expect(apart.exitCode).toBe(1);
  const mistyped = runBin(project, ['grind', 'clean-a', 'claen-b', '--times', '1']);
  expect(flat(mistyped.stderr)).toContain('Jest finds no test file for claen-b.');
  // No test ran: nothing is corrected, and nothing is clean.
  const skipped = runBin(project, ['grind', 'clean-a', '--was', '3/4', '--', '-t', 'nomatch']);
  expect(flat(skipped.stdout)).toContain('not verified: no test of clean-a.test.js ran');
  expect(skipped.exitCode).toBe(1);
  const nothing = runBin(project, ['grind', 'clean', '--times', '1', '--condition', 'alone', '--', '-t', '^a$']);
  expect(flat(nothing.stdout)).toContain('2 runs of Jest');
  expect(nothing.exitCode).toBe(0);
  const unmatched = runBin(project, [
    'grind',
    'clean-a',
    '--times',
    '1',
    '--condition',
    'alone',
    '--',
    '-t',
    'nomatch',
  ]);
  expect(flat(unmatched.stdout)).toContain('no test ran');
  expect(unmatched.exitCode).toBe(1);
  const wrong = runBin(project, ['grind', 'clean-a', '--condition', 'upside-down']);
  expect(wrong.stderr).toContain('[GRIND_OPTION_INVALID]');
  const inOrder = runBin(project, ['grind', 'sets.test.js', 'reads.test.js', '--in-order', '--fail-on', 'none']);
  expect(flat(inOrder.stdout)).toContain('NOT-COMPARED, never ran alone');
  expect(inOrder.exitCode).toBe(0);
});

test('bisect: the file before it, from the order of a recorded run; the test before it in its file', () => {
  const order = ['clean-a', 'sets', 'clean-b', 'reads'].map((name) => `${name}.test.js`);
  const given = runBin(project, ['bisect', ...order, '--test', 'reads (the host)']);
  expect(flat(given.stdout)).toContain('fails because of what ran before it in the same worker: sets.test.js');
  expect(given.exitCode).toBe(0);
  expect(runPrinted(given)).toBe(1);

  runBin(project, ['run', '--nodes', '1', '--', '-i', 'reads', 'sets', 'clean']);
  const recorded = runBin(project, ['bisect', 'reads.test.js', '--of', 'last', '--json']);
  // Jest chose the order: if the file came first there, nothing was before it.
  const { kind, culprits } = JSON.parse(recorded.stdout);
  expect([
    ['files-before', ['sets.test.js']],
    ['not-reproduced', []],
  ]).toContainEqual([kind, culprits]);

  const mistyped = runBin(project, ['bisect', 'order.test.js', '--test', 'is emty']);
  expect(flat(mistyped.stdout)).toContain('these ran: is empty takes an item other jest-distributed: 1 run of Jest');
  expect(mistyped.exitCode).toBe(1);

  const inside = runBin(project, ['bisect', 'order.test.js', '--test', 'is empty']);
  expect(flat(inside.stdout)).toContain('fails because of a test before it in its file: takes an item');
  expect(runPrinted(inside)).toBe(1);
});
