/** The example with one giant file, split in every way: all nodes together are one plain run. */
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hosts } from '../../support/hosts';
import { copyProject, type Project, removeProject, runBin } from '../../support/projects';
import { filesIn, type ReportedRun, runNodes, runReported, testsIn, writeTimings } from './split-run';

const TIMEOUT_MS = 300_000;
const GIANT = 'hotel.test.js';

describe.each(hosts())('on Jest $jest', (host) => {
  let project: Project;
  let plain: ReportedRun;

  beforeAll(async () => {
    project = copyProject(host, 'examples/giant-file');
    plain = await runReported(project, ['-w=2']);
    // Durations as they are on an idle machine, so that what is heavy does not depend on this one.
    const timings = plain.report.testResults.map(({ name, assertionResults }) => {
      const isGiant = name.endsWith(GIANT);
      const tests = Object.fromEntries(assertionResults.map(({ fullName }) => [fullName, isGiant ? 150 : 50]));
      return [`test/${path.basename(name)}`, { ms: isGiant ? 6000 : 333, tests }] as const;
    });
    writeTimings(project, Object.fromEntries(timings));
  }, TIMEOUT_MS);

  afterAll(() => removeProject(project));

  function expectWhole(runs: readonly ReportedRun[]): void {
    expect(runs.map(({ exitCode, stderr }) => (exitCode === 0 ? 0 : stderr))).toEqual(runs.map(() => 0));
    expect(testsIn(project, runs)).toEqual(testsIn(project, [plain]));
    for (const run of runs) {
      expect(new Set(filesIn(run)).size).toBe(filesIn(run).length);
      expect(run.report.numTotalTestSuites).toBe(filesIn(run).length);
      expect(run.report.numPendingTests).toBe(0);
      expect(run.report.numTotalTests).toBe(testsIn(project, [run]).length);
    }
  }

  test.each([3])(
    'auto over %i nodes: only the giant is split, and who has no part does not load it',
    async (nodes) => {
      const settings = { JEST_DISTRIBUTED_HASH_BY: 'auto', JEST_DISTRIBUTED_TIMINGS: 'timings.json' };
      const runs = await runNodes(project, nodes, ['-w=1'], settings);
      expectWhole(runs);
      const { stdout } = runBin(project, ['plan', '--json', '--nodes', String(nodes)], settings);
      const plan = JSON.parse(stdout) as { nodes: { items: { file: string; part: string | null }[] }[] };
      const planned = plan.nodes.map(({ items }) => [...new Set(items.map(({ file }) => path.basename(file)))].sort());
      expect(runs.map((run) => filesIn(run).sort())).toEqual(planned);
      const split = plan.nodes.flatMap(({ items }) => items.filter(({ part }) => part !== null));
      expect(new Set(split.map(({ file }) => file))).toEqual(new Set([`test/${GIANT}`]));
      expect(split.length).toBeGreaterThan(1);
      expect(runs.filter((run) => filesIn(run).includes(GIANT)).length).toBeLessThanOrEqual(split.length);
    },
    TIMEOUT_MS,
  );

  test.each([
    ['suite', {}],
    ['test', { JEST_DISTRIBUTED_TIMINGS: 'timings.json' }],
  ])(
    '%s over 2 nodes, with %j',
    async (hashBy, settings) => {
      const runs = await runNodes(project, 2, ['-w=1'], { JEST_DISTRIBUTED_HASH_BY: hashBy, ...settings });
      expectWhole(runs);
      expect(runs.filter((run) => filesIn(run).includes(GIANT)).length).toBeGreaterThan(1);
    },
    TIMEOUT_MS,
  );

  test(
    'nodes that obey a plan file need neither timings nor settings',
    async () => {
      const out = path.join(project.dir, 'plan.json');
      const args = ['plan', '--nodes', '2', '--hash-by', 'auto', '--timings', 'timings.json', '--out', out];
      expect(runBin(project, args).exitCode).toBe(0);
      const runs = await runNodes(project, 2, ['-w=1'], { JEST_DISTRIBUTED_PLAN: out });
      expectWhole(runs);
    },
    TIMEOUT_MS,
  );

  test(
    'a test that is new since the timings runs on one node, and --listTests names the file on each that has a part',
    async () => {
      const settings = { JEST_DISTRIBUTED_HASH_BY: 'auto', JEST_DISTRIBUTED_TIMINGS: 'timings.json' };
      const changed = copyProject(host, 'examples/giant-file');
      const { readFileSync, appendFileSync, copyFileSync } = await import('node:fs');
      copyFileSync(path.join(project.dir, 'timings.json'), path.join(changed.dir, 'timings.json'));
      const giant = path.join(changed.dir, 'test', GIANT);
      appendFileSync(giant, "\ntest('came later', () => {});\n");
      expect(readFileSync(giant, 'utf8')).toContain('came later');
      const runs = await runNodes(changed, 2, ['-w=1', 'hotel'], settings);
      const names = testsIn(changed, runs).filter((line) => line.endsWith('came later'));
      expect(names).toEqual([`test/${GIANT} passed came later`]);
      removeProject(changed);
    },
    TIMEOUT_MS,
  );
});
