/** `run --hosts`: the tests of a checkout on three hosts, as if they had run here. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readyLines, runBin, writeHostProject } from '../support/host-projects';
import { hosts, newestHosts } from '../support/hosts';
import { type Project, removeProject, runJest } from '../support/projects';
import { leftOn, type SshHosts, startSshHosts } from '../support/ssh-hosts';

let ssh: SshHosts;

beforeAll(async () => {
  ssh = await startSshHosts(['ada', 'bob', 'eve']);
});

afterAll(() => ssh.stop());

/** Names that a shell would read, and rsync and ssh too. */
const HOSTILE = [
  `it's "quoted" $(touch PWNED) \`touch PWNED\`.test.js`,
  '-e touch PWNED.test.js',
  'new\nline; touch PWNED.test.js',
  'sub dir/ünï & | > x.test.js',
];

const FILES = {
  'jest.config.js': 'module.exports = { collectCoverageFrom: ["src/**"], coverageReporters: ["json"] };',
  'src/sum.js':
    'exports.sum = (a, b) => (a > 100 ? "much" : a + b);\nexports.less = (a) => { if (a) return 1; return 2; };\n',
  'tests/big.test.js': `/** @jest-distributed split */
for (const one of ['a', 'b', 'c', 'd']) describe(one, () => {
  test('adds', async () => { await new Promise((resolve) => setTimeout(resolve, 1500)); expect(1 + 1).toBe(2); });
});`,
  'tests/red.test.js': `test('is red', () => { console.log('seen in red'); expect(1).toBe(2); });`,
  ...Object.fromEntries(
    [1, 2, 3, 4].map((n) => [
      `tests/t${n}.test.js`,
      `const { sum, less } = require('../src/sum'); test('sums ${n}', () => { expect(sum(${n * 40}, 1)).toBeTruthy(); less(${n % 2}); });`,
    ]),
  ),
  // So many that rsync sends the first copy.
  ...Object.fromEntries(Array.from({ length: 250 }, (_, n) => [`data/${n}.txt`, String(n)])),
  ...Object.fromEntries(HOSTILE.map((name) => [name, `test('of ${name.length}', () => {});`])),
  // Parts of the big file come first and are long: no host takes them all before the others are there.
  '.jest-distributed/timings.json': JSON.stringify({
    format: { major: 1, minor: 0 },
    ...{ workers: 1, assignments: [] },
    projects: [
      {
        project: null,
        files: {
          'tests/big.test.js': {
            ms: 6000,
            tests: Object.fromEntries(['a', 'b', 'c', 'd'].map((one) => [`${one} adds`, 1500])),
          },
          ...Object.fromEntries(
            ['tests/red.test.js', ...[1, 2, 3, 4].map((n) => `tests/t${n}.test.js`), ...HOSTILE].map((name) => [
              name,
              { ms: 20 },
            ]),
          ),
        },
      },
    ],
  }),
};

interface Results {
  readonly numTotalTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

function readResults(project: Project, name: string): unknown {
  const { numTotalTests, testResults } = JSON.parse(readFileSync(path.join(project.dir, name), 'utf8')) as Results;
  const files = testResults.map(({ name: file, status, assertionResults }) => ({
    file: path.relative(project.dir, file),
    status,
    tests: assertionResults.map(({ fullName, status: end }) => `${fullName}: ${end}`),
  }));
  return { numTotalTests, files: files.sort((one, other) => (one.file < other.file ? -1 : 1)) };
}

/** Without the key of the instrumenter's cache: it is made of the path, which is another one on each host. */
const readCoverage = (project: Project): unknown =>
  JSON.parse(readFileSync(path.join(project.dir, 'coverage', 'coverage-final.json'), 'utf8'), (key, value: unknown) =>
    key === 'hash' ? undefined : value,
  );

test.each(hosts())(
  'results, coverage and output are those of a run here, on Jest $jest',
  async (host) => {
    const project = writeHostProject(host, ssh, FILES);
    try {
      const plain = runJest(project, ['--coverage', '--json', '--outputFile=plain.log', '--ci']);
      expect(plain.exitCode).toBe(1);
      const [results, coverage] = [readResults(project, 'plain.log'), readCoverage(project)];
      rmSync(path.join(project.dir, 'coverage'), { recursive: true });
      const args = ['run', '--hosts', 'ada:1,bob:1,eve:1'];
      const jestArgs = ['--coverage', '--json', '--outputFile=over-hosts.log', '--ci'];
      const first = await runBin(project, [...args, '--hash-by', 'auto', '--', ...jestArgs]);
      expect(first.stderr).toContain('jest-distributed: 1 of 13 tests failed in 1 file.');
      expect(first.stderr).toMatch(/tests\/big\.test\.js \(on \d nodes\)/);
      expect(first.exitCode).toBe(1);
      expect(readResults(project, 'over-hosts.log')).toEqual(results);
      expect(readCoverage(project)).toEqual(coverage);
      expect(first.stderr).toContain('seen in red');
      expect(first.stderr).toMatch(/node \d \((?:ada|bob|eve)\): failed: tests\/red\.test\.js › is red/);
      for (const name of ssh.names) {
        const folder = path.join(ssh.homeOf(name), '.jest-distributed', 'hosts');
        expect(statSync(folder).mode & 0o777).toBe(0o700);
      }
      const pwned = execFileSync('find', [ssh.folder, project.dir, '-name', 'PWNED*'], { encoding: 'utf8' });
      expect(pwned).toBe('');
      expect(existsSync(path.join(process.cwd(), 'PWNED'))).toBe(false);
      // Again, with a change of every kind; what is equal is not sent.
      rmSync(path.join(project.dir, 'tests/red.test.js'));
      rmSync(path.join(project.dir, 'tests/big.test.js'));
      rmSync(path.join(project.dir, HOSTILE[0] as string));
      mkdirSync(path.join(project.dir, HOSTILE[0] as string));
      writeFileSync(path.join(project.dir, HOSTILE[0] as string, 'in folder.test.js'), `test('in', () => {});`);
      writeFileSync(
        path.join(project.dir, 'tests/new.test.js'),
        `test('new', () => { expect({ a: 1 }).toMatchSnapshot(); });`,
      );
      // The plan has its name in another form than the file system.
      const inline = path.join(project.dir, 'tests/cafe\u0301.test.js');
      writeFileSync(inline, `test('inline', () => { expect(7).toMatchInlineSnapshot(); });`);
      const second = await runBin(project, args);
      expect(second.stderr).toContain('All 10 tests passed: each of 10 files ran exactly once.');
      expect(second.exitCode).toBe(0);
      expect(readyLines(second)).toHaveLength(3);
      for (const line of readyLines(second)) expect(line).toMatch(/^\w+: [4-6] files copied/);
      expect(readFileSync(path.join(project.dir, 'tests/__snapshots__/new.test.js.snap'), 'utf8')).toContain('"a": 1');
      expect(readFileSync(inline, 'utf8')).toContain('toMatchInlineSnapshot(`7`)');
      expect(await leftOn(ssh, 10)).toEqual([]);
    } finally {
      removeProject(project);
    }
  },
  90_000,
);

test('fixtures of the whole run are set up once, and torn down at the end', async () => {
  const [host] = newestHosts();
  const marks = path.join(ssh.folder, 'marks');
  const project = writeHostProject(
    host as NonNullable<typeof host>,
    ssh,
    {
      'server.js': `const { appendFileSync } = require('node:fs');
const { defineFixture } = require('jest-distributed/worker');
module.exports = defineFixture({
  scope: 'run',
  setup: () => { appendFileSync(process.env.MARKS, 'up\\n'); return { port: 4711 }; },
  teardown: () => appendFileSync(process.env.MARKS, 'down\\n'),
});`,
      ...Object.fromEntries(
        [1, 2, 3, 4, 5, 6].map((n) => [
          `t${n}.test.js`,
          `const { useFixture } = require('jest-distributed/worker');
test('t', async () => {
  expect((await useFixture(require('./server'))).port).toBe(4711);
  await new Promise((resolve) => setTimeout(resolve, 300));
}, 20_000);`,
        ]),
      ),
    },
    { env: { MARKS: marks } },
  );
  try {
    const run = await runBin(project, ['run', '--hosts', 'ada:1,bob:1,local:1'], { MARKS: marks });
    expect(run.stderr).toContain('All 6 tests passed: each of 6 files ran exactly once.');
    expect(run.exitCode).toBe(0);
    expect(readFileSync(marks, 'utf8')).toBe('up\ndown\n');
    expect(await leftOn(ssh, 10)).toEqual([]);
  } finally {
    removeProject(project);
  }
}, 60_000);
