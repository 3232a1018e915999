/** One file, several workers of one node, one result. */
import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hosts } from '../../support/hosts';
import { type Project, removeProject, writeProject } from '../../support/projects';
import { filesIn, type ReportedRun, runReported, testsIn, writeTimings } from './split-run';

const TIMEOUT_MS = 300_000;

const HEAVY = `
const { appendFileSync } = require('node:fs');
const { sign, twice, never } = require('../src/numbers');
const note = (what) => process.env.TRACE && appendFileSync(process.env.TRACE, process.pid + ' ' + what + '\\n');
const wait = () => new Promise((done) => setTimeout(done, 100));
beforeAll(() => note('load'));
describe('sign', () => {
  test('of plus', async () => { await wait(); note('plus'); expect(sign(3)).toMatchSnapshot(); });
  test('of minus', async () => { await wait(); note('minus'); expect(sign(-3)).toMatchSnapshot(); });
  test.skip('of nothing', () => {});
});
describe('twice', () => {
  test.each([1, 2, 3])('%i', async (n) => { await wait(); note('twice'); console.log('said ' + n); expect(twice(n)).toBe(2 * n); });
  test.todo('more');
});
if (process.env.RANDOM_NAMES) test('at ' + process.pid, () => {});
if (process.env.CRASH) test('crash', () => {
  const { existsSync, writeFileSync } = require('node:fs');
  if (existsSync(process.env.CRASH)) return;
  writeFileSync(process.env.CRASH, '');
  process.exit(7);
});
if (process.env.FAIL) test('fails', () => { expect(1).toBe(2); });
if (process.env.DOES_NOT_LOAD) throw new Error('does not load');
`;

// Ten times what they take: Jest runs a list of files under a second each in its own process.
const TESTS = {
  'sign of plus': 1000,
  'sign of minus': 1000,
  'twice 1': 1000,
  'twice 2': 1000,
  'twice 3': 1000,
  crash: 1,
  fails: 1,
};

describe.each(hosts())('on Jest $jest', (host) => {
  let project: Project;
  let whole: ReportedRun;
  let timings: string;

  beforeAll(async () => {
    project = writeProject(host, {
      'package.json': '{"name":"sliced","jest":{"collectCoverageFrom":["src/*.js"]}}',
      'src/numbers.js': `
        exports.sign = (n) => { if (n > 0) { return 'plus'; } if (n < 0) { return 'minus'; } return 'zero'; };
        exports.twice = (n) => n * 2;
        exports.never = () => { return 'never'; };`,
      'src/alone.js': 'exports.alone = () => 1;',
      'test/heavy.test.js': HEAVY,
      'test/light.test.js': "test('light', () => expect(require('../src/alone').alone()).toBe(1));",
    });
    // Writes the snapshots.
    await runReported(project, []);
    appendFileSync(path.join(project.dir, 'test/__snapshots__/heavy.test.js.snap'), '\nexports[`gone 1`] = `"x"`;\n');
    whole = await runReported(project, ['--ci', '-w=2']);
    timings = writeTimings(project, {
      'test/heavy.test.js': { ms: 6000, tests: TESTS },
      'test/light.test.js': { ms: 20, tests: { light: 1 } },
    });
  }, TIMEOUT_MS);

  afterAll(() => removeProject(project));

  const settings = () => ({
    JEST_DISTRIBUTED_HASH_BY: 'auto',
    JEST_DISTRIBUTED_TIMINGS: timings,
    JEST_DISTRIBUTED_WORKERS: '2',
    TRACE: path.join(project.dir, 'trace'),
  });

  interface Traced {
    readonly run: ReportedRun;
    /** Processes that loaded the file. */
    readonly loads: number;
  }

  async function runSliced(args: readonly string[] = [], environment = {}): Promise<Traced> {
    const env = { ...settings(), ...environment };
    rmSync(env.TRACE, { force: true });
    const workers = args.some((arg) => arg.startsWith('-w')) ? [] : ['-w=2'];
    const run = await runReported(project, ['--testSequencer=jest-distributed', '--ci', ...workers, ...args], env);
    const lines = existsSync(env.TRACE) ? readFileSync(env.TRACE, 'utf8').trim().split('\n') : [];
    return { run, loads: lines.filter((line) => line.endsWith(' load')).length };
  }

  test(
    'two workers run it, and everybody sees one result, as of one',
    async () => {
      const { run, loads } = await runSliced();
      expect(loads).toBe(2);
      expect(run.exitCode).toBe(whole.exitCode);
      expect(filesIn(run).sort()).toEqual(['heavy.test.js', 'light.test.js']);
      expect(testsIn(project, [run])).toEqual(testsIn(project, [whole]));
      const names = ({ report }: ReportedRun) =>
        report.testResults
          .find(({ name }) => name.endsWith('heavy.test.js'))
          ?.assertionResults.map((one) => one.fullName);
      expect(names(run)).toEqual(names(whole));
      const { testResults: _, startTime: __, ...totals } = run.report as ReportedRun['report'] & { startTime: number };
      expect(whole.report).toMatchObject(totals);
      expect(whole.report.snapshot.unchecked).toBe(1);
      expect(run.stderr.match(/said \d/g)?.sort()).toEqual(['said 1', 'said 2', 'said 3']);
    },
    TIMEOUT_MS,
  );

  test.each([
    ['worker threads', ['--workerThreads']],
    ['it alone, which Jest would run in its own process', ['heavy']],
  ])(
    'with %s',
    async (_, args) => {
      const { run, loads } = await runSliced(args);
      expect(loads).toBe(2);
      const heavy = (tests: string[]) => tests.filter((line) => line.includes('heavy'));
      expect(heavy(testsIn(project, [run]))).toEqual(heavy(testsIn(project, [whole])));
    },
    TIMEOUT_MS,
  );

  test.each(['babel', 'v8'])(
    'coverage by %s is that of an unsliced run',
    async (provider) => {
      const folder = (name: string) => path.join(project.dir, `coverage-${provider}-${name}`);
      const args = (name: string) => [
        ...['--coverage', `--coverageProvider=${provider}`, '--coverageReporters=json'],
        ...['--coverageDirectory', folder(name)],
      ];
      const { loads } = await runSliced(args('sliced'));
      await runReported(project, ['--ci', '-w=2', ...args('whole')]);
      expect(loads).toBe(2);
      const covered = (name: string) => coveredIn(path.join(folder(name), 'coverage-final.json'));
      expect(covered('sliced')).toEqual(covered('whole'));
      expect(Object.keys(covered('whole'))).toEqual(['alone.js', 'numbers.js']);
    },
    TIMEOUT_MS,
  );

  test.each([
    ['snapshots may be written', ['--no-ci'], {}, 'test/heavy.test.js runs in one worker: snapshots may be written'],
    ['it is switched off', [], { JEST_DISTRIBUTED_SPLIT_LOCAL: '0' }, ''],
    ['Jest has one worker', ['-w=1'], {}, ''],
    ['hash-by is file', [], { JEST_DISTRIBUTED_HASH_BY: 'file' }, ''],
  ])(
    'runs whole where %s',
    async (_, args, environment, message) => {
      const { run, loads } = await runSliced(args, environment);
      expect(loads).toBe(1);
      expect(testsIn(project, [run])).toEqual(testsIn(project, [whole]));
      expect(run.stderr.replace(/\s+/g, ' ')).toContain(message);
    },
    TIMEOUT_MS,
  );

  test(
    'a failing test fails the file once',
    async () => {
      const { run } = await runSliced([], { FAIL: '1' });
      expect(run.exitCode).toBe(1);
      expect(run.report.testResults.filter(({ message }) => message !== '')).toHaveLength(1);
      expect(testsIn(project, [run]).filter((line) => line.includes(' failed '))).toEqual([
        'test/heavy.test.js failed fails',
      ]);
    },
    TIMEOUT_MS,
  );

  test(
    'a file that does not load fails once, and says why once',
    async () => {
      const { run } = await runSliced([], { DOES_NOT_LOAD: '1' });
      expect(run.exitCode).toBe(1);
      expect(filesIn(run).sort()).toEqual(['heavy.test.js', 'light.test.js']);
      expect(
        run.report.testResults.map(({ message }) => message.split('Error: does not load').length - 1).sort(),
      ).toEqual([0, expect.any(Number)]);
    },
    TIMEOUT_MS,
  );

  test(
    'names that differ from worker to worker fail the file and are shown',
    async () => {
      const { run } = await runSliced([], { RANDOM_NAMES: '1' });
      expect(run.exitCode).toBe(1);
      const said = run.report.testResults
        .find(({ name }) => name.endsWith('heavy.test.js'))
        ?.message.replace(/\s+/g, ' ');
      expect(said).toMatch(/saw different tests in it: "at \d+" is not the same in both/);
    },
    TIMEOUT_MS,
  );

  test(
    'what a worker that died had begun is run by another',
    async () => {
      const crash = path.join(project.dir, `crash-${host.major}`);
      const { run } = await runSliced([], { CRASH: crash });
      expect(existsSync(crash)).toBe(true);
      // The obsolete snapshot alone, which `--ci` refuses.
      expect(run.exitCode).toBe(whole.exitCode);
      expect(run.report.snapshot).toEqual(whole.report.snapshot);
      expect(testsIn(project, [run]).filter((line) => !line.endsWith(' crash'))).toEqual(testsIn(project, [whole]));
    },
    TIMEOUT_MS,
  );
});

type Counters = Readonly<Record<string, number | readonly number[]>>;

/** Which statements, functions and branches ran at all, by the name of the source. */
function coveredIn(file: string): Record<string, unknown> {
  const coverage = JSON.parse(readFileSync(file, 'utf8')) as Record<string, { s: Counters; f: Counters; b: Counters }>;
  const ran = (counters: Counters) =>
    Object.entries(counters).map(([id, count]) => [id, [count].flat().map((one) => one > 0)]);
  return Object.fromEntries(
    Object.entries(coverage)
      .map(([source, { s, f, b }]) => [path.basename(source), { s: ran(s), f: ran(f), b: ran(b) }] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}
