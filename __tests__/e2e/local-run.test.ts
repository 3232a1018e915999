/** `run`, `run --local`, `plan`, `explain` and `timings` as a user starts them. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Plan } from '../../src/plan/plan';
import { type Host, hosts, newestHosts } from '../support/hosts';
import { copyProject, type Project, removeProject, runBin, runJest, startBin, writeProject } from '../support/projects';

const passing = (name: string) => `test('${name}', () => {});`;

const SUITE: Record<string, string> = {
  'package.json': '{ "name": "suite", "private": true }',
  ...Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [`${name}.test.js`, passing(name)])),
};

/** The same suite behind every kind of config that `run` must cope with. */
const CONFIGS: readonly [title: string, files: Record<string, string>, environment: Record<string, string>][] = [
  ['no config at all', {}, {}],
  ['config in package.json', { 'package.json': '{ "private": true, "jest": { "verbose": true } }' }, {}],
  [
    'a CommonJS config',
    { 'jest.config.js': 'module.exports = { reporters: [["default", { "summaryThreshold": 5 }]] };' },
    {},
  ],
  ['an ES module config', { 'jest.config.mjs': 'export default async () => ({ bail: 0 });' }, {}],
  ['a TypeScript config', { 'jest.config.ts': 'const config: object = { bail: 0 };\nexport default config;' }, {}],
  [
    'projects',
    {
      'jest.config.js': `module.exports = { projects: [
        { displayName: 'early', testMatch: ['<rootDir>/[a-c].test.js'] },
        { displayName: 'late', testMatch: ['<rootDir>/[d-f].test.js'] } ] };`,
    },
    {},
  ],
  [
    'ES modules',
    {
      'package.json': '{ "private": true, "type": "module", "jest": { "transform": {} } }',
      'a.test.js': "import { test } from '@jest/globals';\ntest('a', () => {});",
    },
    { NODE_OPTIONS: '--experimental-vm-modules --no-warnings' },
  ],
  [
    'a sequencer of its own',
    {
      'jest.config.js': "module.exports = { testSequencer: './own.js' };",
      'own.js': "module.exports = require('@jest/test-sequencer').default;",
    },
    {},
  ],
];

describe.each(hosts())('on Jest $jest', (host: Host) => {
  let project: Project;

  afterEach(() => removeProject(project));

  test.each(CONFIGS)('run works with %s', (_title, files, environment) => {
    project = writeProject(host, { ...SUITE, ...files });
    const outputs = [1, 2].map((number) => {
      const args = ['run', '--nodes', '2', '--node-number', String(number), '--', '--json'];
      const { exitCode, stdout, stderr } = runBin(project, args, environment);
      expect(stderr).toContain(`node ${number} of 2`);
      expect(exitCode).toBe(0);
      return JSON.parse(stdout) as { testResults: { name: string }[] };
    });
    const names = outputs.flatMap(({ testResults }) => testResults.map(({ name }) => path.basename(name)));
    expect(names.sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name}.test.js`));
  });
});

describe.each(newestHosts())('on Jest $jest', (host: Host) => {
  let project: Project;

  afterEach(() => removeProject(project));

  test('run says when it replaces a sequencer', () => {
    const [, files] = CONFIGS.at(-1) as (typeof CONFIGS)[number];
    project = writeProject(host, { ...SUITE, ...files });
    expect(runBin(project, ['run']).stderr).toMatch(/own\.js is replaced/);
  });

  test('run --local runs everything once, learns, and plans the second run by it', () => {
    project = copyProject(host, 'examples/basic');
    const first = runBin(project, ['run', '--local', '--nodes', '2']);
    expect(first.stderr).toContain('every file counts 1');
    expect(first.stderr).toContain('All 206 tests passed: each of 44 files ran exactly once.');
    expect(first.stderr).toContain('Tests:       206 passed, 206 total');
    expect(first.exitCode).toBe(0);
    const store = path.join(project.dir, '.jest-distributed', 'timings.json');
    expect(existsSync(store)).toBe(true);
    const { stdout } = runBin(project, ['plan', '--nodes', '2', '--json', '--timings', store]);
    const plan = JSON.parse(stdout) as Plan;
    expect(plan).toMatchObject({ strategy: 'sticky', unit: 'ms', hashBy: 'file' });
    expect(plan.balance).toBeLessThan(1.1);
    expect(plan.nodes.flatMap(({ items }) => items)).toHaveLength(44);
    const second = runBin(project, ['run', '--local', '--nodes', '2']);
    expect(second.stderr).toContain('durations from .jest-distributed/timings.json');
    expect(second.exitCode).toBe(0);
  });

  test('run --local fails with the failing node, shows its output, and records nothing of a filtered run', () => {
    project = writeProject(host, { ...SUITE, 'c.test.js': "test('c breaks', () => { expect(1).toBe(2); });" });
    const { exitCode, stderr } = runBin(project, ['run', '--local', '--nodes', '3', '--', 'test']);
    expect(stderr).toContain('c breaks');
    expect(stderr).toContain('Tests:       1 failed, 5 passed, 6 total');
    expect(stderr).toContain('timings not updated: the run was filtered');
    expect(stderr).toMatch(/npx jest-distributed run --nodes 3 --node-number \d/);
    expect(exitCode).toBe(1);
    expect(existsSync(path.join(project.dir, '.jest-distributed', 'timings.json'))).toBe(false);
  });

  test('run --local with more nodes than files is green', () => {
    project = writeProject(host, SUITE);
    const { exitCode, stderr } = runBin(project, ['run', '--local', '--nodes', '8']);
    expect(stderr).toContain('All 6 tests passed: each of 6 files ran exactly once.');
    expect(exitCode).toBe(0);
  });

  test('Ctrl-C ends all nodes and their workers, with exit code 130', async () => {
    project = writeProject(host, {
      ...SUITE,
      ...Object.fromEntries(
        ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [
          `${name}.test.js`,
          `require('node:fs').appendFileSync(${JSON.stringify('PIDS')}, process.pid + '\\n');\ntest('${name}', () => new Promise(() => {}), 600000);`,
        ]),
      ),
    });
    const pids = path.join(project.dir, 'PIDS');
    const child = startBin(project, ['run', '--local', '--nodes', '2', '--', '--maxWorkers=2']);
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    const until = async (what: () => boolean) => {
      while (!what()) await new Promise((resolve) => setTimeout(resolve, 100));
    };
    await until(() => existsSync(pids) && readFileSync(pids, 'utf8').trim().split('\n').length >= 4);
    const exit = new Promise<number | null>((resolve) => child.on('exit', resolve));
    child.kill('SIGINT');
    expect(await exit).toBe(130);
    expect(stderr).toContain('stopped by SIGINT');
    const isAlive = (pid: number) => {
      try {
        process.kill(pid, 0);
        return true;
      } catch {
        return false;
      }
    };
    const workers = readFileSync(pids, 'utf8').trim().split('\n').map(Number);
    await until(() => !workers.some(isAlive));
  }, 60_000);

  test('a plan from one machine is what the nodes run, and one that does not fit stops them', () => {
    project = writeProject(host, SUITE);
    expect(runBin(project, ['plan', '--nodes', '2', '--out', 'plan.json']).exitCode).toBe(0);
    const plan = JSON.parse(readFileSync(path.join(project.dir, 'plan.json'), 'utf8')) as Plan;
    const environment = {
      JEST_DISTRIBUTED_NODES: '2',
      JEST_DISTRIBUTED_NODE_NUMBER: '2',
      JEST_DISTRIBUTED_PLAN: 'plan.json',
    };
    const ours = ['--testSequencer=jest-distributed'];
    const { stdout } = runJest(project, [...ours, '--listTests', '--json'], environment);
    expect((JSON.parse(stdout) as string[]).map((file) => path.basename(file)).sort()).toEqual(
      plan.nodes[1]?.items.map(({ file }) => file).sort(),
    );

    const otherN = runJest(project, ours, { ...environment, JEST_DISTRIBUTED_NODES: '3' });
    expect(otherN.stderr).toContain('is for 2 nodes, but this run has 3');
    expect(otherN.exitCode).toBe(1);

    writeFileSync(path.join(project.dir, 'g.test.js'), passing('g'));
    const unplanned = runJest(project, ours, environment);
    expect(unplanned.stderr).toContain('found here but not planned (g.test.js)');
    expect(unplanned.exitCode).toBe(1);

    const missing = runJest(project, ours, { ...environment, JEST_DISTRIBUTED_PLAN: 'nope.json' });
    expect(missing.stderr).toContain('JEST_DISTRIBUTED_PLAN');
    expect(missing.exitCode).toBe(1);
  });

  test('--expect-digest stops a node that would plan otherwise', () => {
    project = writeProject(host, SUITE);
    const { digest } = JSON.parse(runBin(project, ['plan', '--nodes', '2', '--json']).stdout) as Plan;
    const args = ['run', '--nodes', '2', '--node-number', '1', '--expect-digest'];
    expect(runBin(project, [...args, digest]).exitCode).toBe(0);
    const { exitCode, stderr } = runBin(project, [
      ...args,
      digest.replace(/^./, (first) => (first === '0' ? '1' : '0')),
    ]);
    expect(stderr).toContain(`has the digest ${digest}`);
    expect(stderr.replace(/\s+/g, ' ')).toContain(
      'Usually the commit differs, or the timings file (none is used here): check out the commit of the run with that digest.',
    );
    expect(exitCode).toBe(1);
  });

  test('explain says where and why, and plan --compare puts --shard beside it', () => {
    project = writeProject(host, SUITE);
    const explained = runBin(project, ['explain', 'c.test.js', '--nodes', '3']);
    expect(explained.stdout).toMatch(/home|overflow/);
    expect(explained.stdout).toMatch(/0x[0-9a-f]{8} on the ring/);
    expect(explained.exitCode).toBe(0);
    const unknown = runBin(project, ['explain', 'nope.test.js', '--nodes', '3']);
    expect(unknown.stderr).toContain('nope.test.js is not among them');
    expect(unknown.exitCode).toBe(1);
    const compared = runBin(project, ['plan', '--nodes', '3', '--compare']);
    expect(compared.stdout).toMatch(/jest --shard: \d\.\d\d × the ideal, this plan: \d\.\d\d/);
    for (const line of compared.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('timings that may differ from those of the first attempt stop a re-run, and sticky needs something to stick to', () => {
    project = writeProject(host, SUITE);
    runJest(project, ['--json', '--outputFile=results.json']);
    runBin(project, ['timings', 'import', 'results.json']);
    const timings = ['--timings', '.jest-distributed/timings.json'];
    const node = ['run', '--nodes', '2', '--node-number', '1', ...timings];
    const rerun = runBin(project, [...node, '--attempt', '2']);
    expect(rerun.stderr).toContain('This is attempt 2 of the run');
    expect(rerun.stderr).toContain('(from --timings) is not tracked by git');
    expect(rerun.stderr).toContain('Give the plan of the first attempt with --plan');
    expect(rerun.exitCode).toBe(1);
    const { digest } = JSON.parse(runBin(project, ['plan', '--nodes', '2', '--json', ...timings]).stdout) as Plan;
    expect(runBin(project, [...node, '--attempt', '2', '--expect-digest', digest]).exitCode).toBe(0);
    const sticky = runBin(project, [...node, '--strategy', 'sticky']);
    expect(sticky.stderr).toContain('no timings file in use holds an assignment for 2 nodes');
    expect(sticky.exitCode).toBe(1);
  });

  test("timings import starts balanced from Jest's own --json", () => {
    project = writeProject(host, SUITE);
    runJest(project, ['--json', '--outputFile=results.json']);
    const imported = runBin(project, ['timings', 'import', 'results.json']);
    expect(imported.stderr).toContain('6 durations from results.json');
    expect(imported.exitCode).toBe(0);
    const shown = runBin(project, ['timings', 'show']);
    expect(shown.stdout).toContain('a.test.js');
    writeFileSync(path.join(project.dir, '.jest-distributed', 'timings.json'), '{\n  "format": {\n');
    const corrupt = runBin(project, ['timings', 'show']);
    expect(corrupt.stderr).toContain('timings.json');
    expect(corrupt.stderr).toMatch(/line \d/);
    expect(corrupt.exitCode).toBe(1);
  });

  test('the preset wires sequencer and reporter', () => {
    project = writeProject(host, { ...SUITE, 'jest.config.js': "module.exports = { preset: 'jest-distributed' };" });
    const { exitCode, stderr } = runJest(project, [], {
      JEST_DISTRIBUTED_NODES: '2',
      JEST_DISTRIBUTED_NODE_NUMBER: '1',
    });
    expect(stderr).toContain('jest-distributed: node 1 of 2, 6 files');
    expect(stderr).toMatch(/node 1 of 2 ran \d of \d files/);
    expect(exitCode).toBe(0);
  });

  test.each(['run', 'plan', 'explain', 'timings'])('%s --help has an example', (command) => {
    project = writeProject(host, SUITE);
    const { exitCode, stdout } = runBin(project, [command, '--help']);
    expect(stdout).toContain('Examples\n');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(exitCode).toBe(0);
  });
});
