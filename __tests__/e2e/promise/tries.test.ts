/**
 * Every try counts: a test that passed only on a later try is named with its first error, whoever tried it again: Jest
 * (`jest.retryTimes`), the queue, or a second attempt of a CI job.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { host, hosts, type JestMajor } from '../../support/hosts';
import { type Finished, type Project, removeProject, runBin, writeProject } from '../../support/projects';

jest.setTimeout(120_000);

const projects: Project[] = [];
afterAll(() => {
  for (const project of projects) removeProject(project);
});

const config = JSON.stringify({ name: 'shop', private: true, jest: { testEnvironment: 'node', transform: {} } });

function setUp(major: JestMajor, files: Readonly<Record<string, string>>): Project {
  const project = writeProject(host(major), { 'package.json': config, ...files });
  projects.push(project);
  return project;
}

const read = (project: Project, name: string): string => readFileSync(path.join(project.dir, name), 'utf8');
const flat = (text: string): string => text.replace(/\s+/g, ' ');
const errors = ({ exitCode, stdout, stderr }: Finished, expected: number) =>
  exitCode === expected ? '' : `exit code ${exitCode}: ${stdout}${stderr}`;

/** Each test passes on its third try; Jest keeps no error of the first two on the result. */
const shaky = `jest.retryTimes(2);
const tries = {};
const shaky = (name) => test(name, () => {
  tries[name] = (tries[name] ?? 0) + 1;
  if (tries[name] < 3) throw new Error(name + ' broke at try ' + tries[name]);
});
describe('cart', () => ['t0', 't1', 't2', 't3', 't4', 't5'].forEach(shaky));
`;

describe.each(hosts().map(({ major }) => major))('on Jest %i', (major) => {
  test('tries of jest.retryTimes are kept, also of a file that is split over two nodes', () => {
    const project = setUp(major, { 'shaky.test.js': shaky, 'calm.test.js': "test('calm', () => {});\n" });
    const nodes = ['1', '2'].map((number) => {
      const args = ['run', '--nodes', '2', '--node-number', number, '--hash-by', 'test', '--report-dir', 'out'];
      return runBin(project, [...args, '--', '--ci', '--no-cache']);
    });
    expect(nodes.map((node) => errors(node, 0))).toEqual(['', '']);
    const merged = runBin(project, ['merge', 'out', '--jsonl', 'all.jsonl', '--html', 'page.html'], {
      GITHUB_STEP_SUMMARY: path.join(project.dir, 'summary.md'),
    });
    expect(errors(merged, 0)).toBe('');
    const said = flat(merged.stderr);
    expect(said).toContain('(6 flaky)');
    expect(said).toContain('flaky: 6 tests passed only on a later try');
    expect(said).toMatch(/shaky\.test\.js: cart › t0 \(passed at try 3 on node [12]\) Error: t0 broke at try 1/);
    expect(read(project, 'summary.md')).toMatch(
      /<b>cart › t5<\/b>, passed at try 3 on node [12]: Error: t5 broke at try 1/,
    );
    expect(read(project, 'page.html')).toContain('t3 broke at try 2');

    const { retries } = JSON.parse(runBin(project, ['verify', 'out', '--json']).stdout);
    expect(retries).toHaveLength(6);
    expect(new Set(retries.map(({ node }: { node: number }) => node)).size).toBe(2);
    const [first] = retries;
    expect(first).toMatchObject({
      file: 'shaky.test.js',
      test: ['cart', expect.any(String)],
      flaky: true,
      executions: 3,
    });
    expect(first.tries).toMatchObject(
      [1, 2].map((number) => ({
        ...{ kind: 'rerun', outcome: 'failed', node: first.node, startedAt: expect.stringMatching(/^\d{4}-.*Z$/) },
        errors: [
          expect.stringMatching(new RegExp(`^Error: ${first.test[1]} broke at try ${number}\n.*shaky\\.test\\.js`)),
        ],
      })),
    );
    const lines = read(project, 'all.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const tries = lines.flatMap((line) => line.tries);
    expect(lines.every((line) => Array.isArray(line.tries))).toBe(true);
    expect(
      tries.filter(({ test: name }) => name === 'cart t0').map(({ errors: [text] }) => text.split('\n')[0]),
    ).toEqual(['Error: t0 broke at try 1', 'Error: t0 broke at try 2']);
  });
});

test('what the queue sends on is in the log of its node at once, and in full at the end', () => {
  const once = (id: string) => `const fs = require('node:fs');
const flag = require('node:path').join(__dirname, '${id}.flag');
const isFirst = !fs.existsSync(flag);
fs.writeFileSync(flag, '');\n`;
  const project = setUp(30, {
    'pays.test.js': `${once('pays')}test('pays', () => {\n  if (isFirst) throw new Error('the card was refused');\n});\n`,
    'loads.test.js': `${once('loads')}if (isFirst) throw new Error('no such module');\ntest('loads', () => {});\n`,
  });
  const args = ['run', '--local', '--nodes', '2', '--queue', '--max-retries', '1', '--', '--ci', '-w', '1'];
  const run = runBin(project, args);
  expect(errors(run, 0)).toBe('');
  const said = flat(run.stderr);
  expect(said).toContain(
    'pays.test.js failed here and runs again on another node (on this one if no other is left): pays: Error: the card was refused',
  );
  expect(said).toContain('flaky: 1 test and 1 file passed only on a later try');
  expect(said).toMatch(
    /pays\.test\.js: pays \(passed at try 2 on node \d\) try 1: failed on node \d after [\d.]+ m?s, sent on/,
  );
  expect(said).toMatch(/the card was refused .*> 6 \|.*at Object\.\S+ \(pays\.test\.js:6:\d+\)/);
  expect(said).toMatch(/loads\.test\.js \(passed at try 2 on node \d\) try 1: .*no such module/);
  // Nobody has a history here: the queue was in the memory of a process that is gone.
  expect(said).not.toContain('jest-distributed history');
  const { exitCode, stderr } = runBin(project, ['flaky']);
  expect(exitCode).toBe(1);
  expect(flat(stderr)).toContain(
    'Failures and flaky tests of one run are at the end of its merge and on its report page',
  );
});

test('what failed in an earlier attempt of a job and passes now is flaky', () => {
  const project = setUp(30, {
    'a.test.js': "test('is there', () => {\n  if (process.env.DOWN) throw new Error('the service is down');\n});\n",
  });
  const node = ['run', '--nodes', '1', '--report-dir', 'out', '--run-id', '77'];
  expect(errors(runBin(project, node, { DOWN: '1' }), 1)).toBe('');
  expect(errors(runBin(project, [...node, '--attempt', '2']), 0)).toBe('');
  const verified = runBin(project, ['verify', 'out', '--run-id', '77']);
  expect(errors(verified, 0)).toBe('');
  expect(flat(verified.stdout)).toMatch(
    /a\.test\.js: is there \(passed at try 2 on node 1\) try 1: failed on node 1 after \d+ m?s, replaced by a later attempt of the job the service is down/,
  );
});
