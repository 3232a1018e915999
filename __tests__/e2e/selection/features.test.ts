/** Every feature of Jest's tests, split over nodes, is what one plain run is. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hosts, newestHosts } from '../../support/hosts';
import { type Project, removeProject } from '../../support/projects';
import { dealByHash, dealFor, type Mode } from './dealing';
import { expectSameAsPlain, resultsOf } from './nodes-together';
import { copyFixture, type NodeRun, type Run, runNode } from './selection-run';

const TIMEOUT_MS = 300_000;
const MODES: readonly Mode[] = ['suite', 'test', 'named'];
/** One number of nodes each, to keep this file short; `JDIST_TEST_NODES=2,3,5` runs all of them. */
const NODES: Readonly<Record<Mode, number>> = { suite: 2, test: 3, named: 5 };
const asked = process.env.JDIST_TEST_NODES?.split(',').map(Number);
/** Every way in which Jest carries a result to its main process. */
const WORKERS: Readonly<Record<number, readonly string[]>> = {
  2: ['-w=2'],
  3: ['-i'],
  5: ['-w=2', '--workerThreads'],
};

const withoutJasmine = { WITHOUT_JASMINE: '1' };

async function runAll(project: Project, nodes: number, runOf: (node: number) => NodeRun): Promise<Run[]> {
  return Promise.all(Array.from({ length: nodes }, (_, index) => runNode(project, runOf(index + 1))));
}

describe.each(hosts())('on Jest $jest', (host) => {
  const isNewest = newestHosts().some(({ major }) => major === host.major);
  let project: Project;
  let plain: Run;
  let plainCircus: Run;

  beforeAll(async () => {
    project = copyFixture(host, 'features');
    plain = await runNode(project, {});
    plainCircus = await runNode(project, { env: withoutJasmine });
  }, TIMEOUT_MS);

  afterAll(() => removeProject(project));

  test('the plain run is one: all files, failures of tests only', () => {
    expect(plain.files.filter(({ error }) => error)).toEqual([]);
    expect(plain.files.map(({ record }) => record).filter(Boolean)).toEqual([]);
    expect(resultsOf([plain]).length).toBe(plain.totals.numTotalTests);
    expect(plain.log.length).toBeGreaterThan(300);
  });

  describe.each(MODES)('hash by %s, by the test runner', (mode) => {
    test.each(asked ?? [NODES[mode]])(
      '%i nodes',
      async (nodes) => {
        const args = WORKERS[nodes] as readonly string[];
        const runs = await runAll(project, nodes, (node) => ({ dealt: dealFor(mode, plain, node, nodes), args }));
        expectSameAsPlain(plain, runs);
        expectCleanReports(plain, runs);
      },
      TIMEOUT_MS,
    );
  });

  function expectCleanReports(whole: Run, runs: readonly Run[]): void {
    const sum = (count: (run: Run) => number): number => runs.reduce((total, run) => total + count(run), 0);
    // No test of another node is counted, not even as skipped.
    expect(sum(({ totals }) => totals.numTotalTests)).toBe(whole.totals.numTotalTests);
    expect(sum(({ totals }) => totals.numPendingTests)).toBe(whole.totals.numPendingTests);
    // Live results too; a retried test may be told of more than once.
    const told = (run: Run): string[] => run.cases.map(({ file, fullName }) => `${file} ${fullName}`);
    expect(runs.flatMap(told).sort()).toEqual(told(whole).sort());
    for (const { exitCode, files, output } of runs) {
      const failed = files.some(({ counts }) => counts.failed > 0);
      expect({ exitCode, output }).toEqual({ exitCode: failed ? 1 : 0, output: expect.anything() });
      for (const { file, results, counts, record } of files) {
        const seen = whole.files.find((candidate) => candidate.file === file)?.results.map(({ fullName }) => fullName);
        expect(record).toMatchObject({ split: true, by: 'test-runner', seen: expect.anything() });
        expect([...(record?.seen ?? [])].sort()).toEqual([...(seen ?? [])].sort());
        const mine = record?.mine.map((index) => record.seen[index]) ?? [];
        const total = counts.failed + counts.passed + counts.pending + counts.todo;
        expect(total).toBe(mine.length);
        expect(record?.empty).toBe(total === 0);
        if (total > 0) expect(results.map(({ fullName }) => fullName).sort()).toEqual([...mine].sort());
        else expect(results).toHaveLength(1);
      }
    }
  }

  // The set-up file looks at nothing that differs between versions; `npm run test:matrix` has all of them.
  describe.each(isNewest ? MODES : ['named' as const])('hash by %s, by the set-up file', (mode) => {
    test(
      '3 nodes',
      async () => {
        const runs = await runAll(project, 3, (node) => ({
          dealt: dealFor(mode, plainCircus, node, 3),
          front: 'setup',
          env: withoutJasmine,
        }));
        expectSameAsPlain(plainCircus, runs);
        for (const { files } of runs) {
          for (const { record } of files) expect(record).toMatchObject({ split: true, by: 'setup' });
          const empty = files.filter(({ record }) => record?.empty);
          for (const { counts } of empty) expect(counts).toEqual({ failed: 0, passed: 0, pending: 1, todo: 0 });
        }
      },
      TIMEOUT_MS,
    );
  });

  describe.each([
    ['a name pattern', ['-t', 'one|row']],
    ['a random order', ['--randomize', '--seed=7']],
  ] as const)('with %s', (_, args) => {
    test.each(isNewest ? (['test-runner', 'setup'] as const) : (['test-runner'] as const))(
      'by the %s',
      async (front) => {
        const env = withoutJasmine;
        const whole = await runNode(project, { args, env });
        const runs = await runAll(project, 2, (node) => ({
          dealt: dealByHash(plainCircus, 'test', node, 2),
          front,
          args,
          env,
        }));
        expectSameAsPlain(whole, runs);
      },
      TIMEOUT_MS,
    );
  });

  test(
    'a file that is not split runs as ever',
    async () => {
      const run = await runNode(project, { dealt: {}, args: ['-w=2'] });
      expectSameAsPlain(plain, [run]);
      expect(run.totals).toEqual(plain.totals);
      expect(run.files.filter(({ record }) => record !== null)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'the set-up file refuses to split what is not jest-circus',
    async () => {
      const run = await runNode(project, {
        dealt: dealByHash(plain, 'test', 1, 2),
        front: 'setup',
        args: ['--selectProjects', 'jasmine'],
      });
      expect(run.exitCode).toBe(1);
      expect(run.output).toContain('is split over nodes, but it is not run by jest-circus');
    },
    TIMEOUT_MS,
  );
});
