/**
 * The feature files dealt by the package's own sequencer: all nodes together are one plain run, in every way of splitting.
 *
 * `JDIST_TEST_NODES=2,3,5` runs each way for these numbers of nodes; by itself each has one, to keep this file short.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hosts } from '../../support/hosts';
import { type Project, removeProject } from '../../support/projects';
import { type KnownFile, writeTimings } from '../splitting/split-run';
import { errorsOf, expectSameAsPlain, ourFramesOf } from './nodes-together';
import { copyFixture, type Run, runNode } from './selection-run';

const TIMEOUT_MS = 300_000;

interface Way {
  readonly hashBy: 'suite' | 'test' | 'auto';
  readonly hasTimings: boolean;
  readonly nodes: readonly number[];
  readonly args: readonly string[];
}

const WAYS: readonly Way[] = [
  { hashBy: 'suite', hasTimings: false, nodes: [3], args: ['-w=2'] },
  { hashBy: 'test', hasTimings: false, nodes: [2], args: ['-i'] },
  { hashBy: 'test', hasTimings: true, nodes: [2], args: ['-w=2', '--workerThreads'] },
  { hashBy: 'auto', hasTimings: true, nodes: [3], args: ['-w=2'] },
];

const asked = process.env.JDIST_TEST_NODES?.split(',').map(Number);

describe.each(hosts())('on Jest $jest', (host) => {
  let project: Project;
  let plain: Run;

  beforeAll(async () => {
    project = copyFixture(host, 'features');
    plain = await runNode(project, { args: ['-w=2'] });
    writeTimings(project, timingsOf(plain));
  }, TIMEOUT_MS);

  afterAll(() => removeProject(project));

  /** So many workers that every file is heavy. Every fourth test is not in the timings, as if it were new. */
  const settings = ({ hashBy, hasTimings }: Way, node: number, nodes: number): Record<string, string> => ({
    JEST_DISTRIBUTED_HASH_BY: hashBy,
    JEST_DISTRIBUTED_NODES: String(nodes),
    JEST_DISTRIBUTED_NODE_NUMBER: String(node),
    ...(hasTimings && { JEST_DISTRIBUTED_TIMINGS: 'timings.json' }),
    JEST_DISTRIBUTED_WORKERS: '40',
    JEST_DISTRIBUTED_SPLIT_LOCAL: '0',
  });

  describe.each(WAYS)('hash by $hashBy, timings: $hasTimings', (way) => {
    test.each(asked ?? way.nodes)(
      '%i nodes',
      async (nodes) => {
        const runs = await Promise.all(
          Array.from({ length: nodes }, (_, index) =>
            runNode(project, { front: 'sequencer', env: settings(way, index + 1, nodes), args: way.args }),
          ),
        );
        expect(runs.map(({ files }) => files.length > 0)).toEqual(runs.map(() => true));
        expectSameAsPlain(plain, runs);
        expect(errorsOf(runs)).toEqual(errorsOf([plain]));
        expect(ourFramesOf(runs)).toEqual([]);
        const sum = (count: (run: Run) => number): number => runs.reduce((total, run) => total + count(run), 0);
        expect(sum(({ totals }) => totals.numTotalTests)).toBe(plain.totals.numTotalTests);
        expect(sum(({ totals }) => totals.numPendingTests)).toBe(plain.totals.numPendingTests);
        for (const { exitCode, files } of runs) {
          expect(exitCode).toBe(files.some(({ counts }) => counts.failed > 0) ? 1 : 0);
        }
        expect(splitFiles(runs).length).toBeGreaterThan(5);
      },
      TIMEOUT_MS,
    );
  });
});

function timingsOf({ files }: Run): Record<string, KnownFile> {
  return Object.fromEntries(
    files.map(({ project, file, results }) => {
      const names = [...new Set(results.map(({ fullName }) => fullName))];
      const known = names.filter((_, index) => index % 4 !== 3);
      const tests = Object.fromEntries(known.map((name, index) => [name, 100 + index]));
      return [file, { project, ms: 100 * known.length + 200, tests }];
    }),
  );
}

/** Files of which at least one node left a test to another. */
function splitFiles(runs: readonly Run[]): string[] {
  const split = runs.flatMap(({ files }) =>
    files.filter(({ record }) => record !== null && record.mine.length < record.seen.length),
  );
  return [...new Set(split.map(({ file }) => file))].sort();
}
