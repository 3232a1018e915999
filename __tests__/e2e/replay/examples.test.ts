/**
 * Every example over nodes, merged by the command, is the run that plain `jest` makes: in Jest's `--json`, in JUnit and in
 * every coverage counter.
 *
 * `JDIST_TEST_NODES=1,3,7` runs each of them for these numbers of nodes, and `JDIST_TEST_MATRIX=1` on all versions of
 * Jest; the lists below keep this file short.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Verdict } from '../../../src/proof/proof';
import { type Host, hosts, newestHosts } from '../../support/hosts';
import {
  copyProject,
  type Finished,
  type Project,
  removeProject,
  runBin,
  runJest,
  startBin,
} from '../../support/projects';
import { coverageOf, type Data, type Outcome, reportOf, suitesOf, summaryOf } from './outcome';

interface Example {
  readonly name: string;
  readonly nodes: readonly number[];
  readonly environment?: Readonly<Record<string, string>>;
  /** On Jest 29.7 too; replay.test.ts has what differs between the versions. */
  readonly everywhere?: true;
  /** A file of it that is split by its tests. */
  readonly split?: string;
}

const EXAMPLES: readonly Example[] = [
  { name: 'basic', nodes: [1] },
  { name: 'giant-file', nodes: [3], everywhere: true, split: 'test/hotel.test.js' },
  { name: 'github-actions', nodes: [2] },
  { name: 'monorepo-projects', nodes: [3], everywhere: true },
  { name: 'timings', nodes: [1] },
  { name: 'typescript-esm', nodes: [2], environment: { NODE_OPTIONS: '--experimental-vm-modules' } },
];

const asked = process.env.JDIST_TEST_NODES?.split(',').map(Number);

const TIMEOUT_MS = 300_000;
const JEST_ARGS = ['--ci', '--coverage'];

function expectExit(finished: Finished, exitCode: number): Finished {
  if (finished.exitCode !== exitCode) {
    throw new Error(`Exit code ${finished.exitCode} and not ${exitCode}:\n${finished.stdout}${finished.stderr}`);
  }
  return finished;
}

type Run = (project: Project, args: readonly string[], environment: Readonly<Record<string, string>>) => Finished;

function runReported(project: Project, example: Example, run: Run, command: readonly string[] = []): Outcome {
  const [json, junit] = ['out.json', 'junit.xml'].map((name) => path.join(project.dir, name)) as [string, string];
  for (const file of [json, junit]) rmSync(file, { force: true });
  const reports = ['--json', `--outputFile=${json}`, '--reporters=default', '--reporters=jest-junit'];
  const args = [...command, ...JEST_ARGS, '--coverageReporters=json', ...reports];
  const done = run(project, args, { ...example.environment, JEST_JUNIT_OUTPUT_FILE: junit });
  if (!existsSync(json)) throw new Error(`No report was written:\n${done.stdout}${done.stderr}`);
  return { ...done, json: JSON.parse(readFileSync(json, 'utf8')), junit: readFileSync(junit, 'utf8') };
}

async function runNode(project: Project, args: readonly string[], example: Example): Promise<void> {
  const child = startBin(project, ['run', ...args, '--', ...JEST_ARGS], example.environment);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  expectExit({ exitCode, stdout: output, stderr: '' }, 0);
}

/** The nodes work in one checkout, all at once, and the merge in another. */
async function runDistributed(example: Example, here: Project, elsewhere: Project, nodes: number): Promise<Outcome> {
  const report = path.join(here.dir, '.jest-distributed', 'report');
  rmSync(report, { recursive: true, force: true });
  const planned = example.split === undefined ? [] : ['--split', example.split];
  const settings = ['--nodes', String(nodes), '--report-dir', report, ...planned];
  const numbers = Array.from({ length: nodes }, (_, index) => String(index + 1));
  await Promise.all(numbers.map((node) => runNode(elsewhere, [...settings, '--node-number', node], example)));
  const command = ['merge', report, '--expect-nodes', String(nodes), '--'];
  return runReported(here, example, runBin, command);
}

/** Which statements, functions and branches ran at all: code outside tests runs once on every node that loads the file. */
function coveredSets(outcome: Outcome): Map<string, Data> {
  const isCovered = (value: Data): Data => {
    if (typeof value === 'number') return value > 0;
    if (Array.isArray(value)) return value.map(isCovered);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, isCovered(entry)]));
  };
  return new Map([...coverageOf(outcome)].map(([file, counters]) => [file, isCovered(counters)]));
}

/** Files and parts that the blobs of the last run prove. */
function countItems(project: Project): number {
  const report = path.join(project.dir, '.jest-distributed', 'report');
  const { counts } = JSON.parse(runBin(project, ['verify', report, '--json']).stdout) as Verdict;
  expect(counts.ranOnce).toBe(counts.items);
  return counts.items;
}

const isNewest = ({ major }: Host): boolean => newestHosts().some((newest) => newest.major === major);

describe.each(hosts())('on Jest $jest', (host: Host) => {
  const examples = EXAMPLES.filter(({ everywhere }) => everywhere || isNewest(host));
  describe.each(examples)('examples/$name', (example) => {
    let here: Project;
    let elsewhere: Project;
    let plain: Outcome;

    beforeAll(() => {
      [here, elsewhere] = [0, 1].map(() => copyProject(host, `examples/${example.name}`)) as [Project, Project];
      plain = runReported(here, example, runJest);
    });

    afterAll(() => {
      for (const project of [here, elsewhere]) removeProject(project);
    });

    test('the plain run holds something to compare', () => {
      expect(plain).toMatchObject({ exitCode: 0, json: { success: true } });
      expect(plain.json.numTotalTests).toBeGreaterThan(10);
      expect(coverageOf(plain).size).toBeGreaterThan(0);
      expect(suitesOf(plain).length).toBeGreaterThan(5);
    });

    test.each(asked ?? example.nodes)(
      '%i nodes, merged, are one plain run',
      async (nodes) => {
        const merged = await runDistributed(example, here, elsewhere, nodes);
        expectExit(merged, 0);
        expect(summaryOf(merged)).toEqual(summaryOf(plain));
        if (example.split !== undefined && nodes > 1) {
          expect(countItems(here)).toBeGreaterThan(plain.json.numTotalTestSuites as number);
          expect(reportOf(merged)).toEqual(reportOf(plain));
          expect(suitesOf(merged)).toEqual(suitesOf(plain));
          expect(coveredSets(merged)).toEqual(coveredSets(plain));
        } else {
          expect(reportOf(merged)).toEqual(reportOf(plain));
          expect(suitesOf(merged)).toEqual(suitesOf(plain));
          expect(coverageOf(merged)).toEqual(coverageOf(plain));
        }
      },
      TIMEOUT_MS,
    );
  });
});
