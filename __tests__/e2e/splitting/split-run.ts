/** Runs of a project on all nodes, as their `--json` reports tell of them. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileKey } from '../../../src/plan/item';
import { EMPTY_TITLE } from '../../../src/select/split-record';
import { emptyTimings, type FileTimings } from '../../../src/timings/timings';
import { serializeTimings } from '../../../src/timings/timings-format';
import { cleanEnvironment, type Finished, type Project } from '../../support/projects';

interface Report {
  readonly success: boolean;
  readonly numTotalTests: number;
  readonly numPassedTests: number;
  readonly numPendingTests: number;
  readonly numTotalTestSuites: number;
  readonly snapshot: { readonly matched: number; readonly unchecked: number; readonly filesUnmatched: number };
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

export interface ReportedRun extends Finished {
  /** Path of the report. */
  readonly out: string;
  readonly report: Report;
}

let runs = 0;

/** Starts Jest without waiting for others; throws with its output where it wrote no report. */
export async function runReported(
  project: Project,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<ReportedRun> {
  const out = path.join(project.dir, `.report-${++runs}.json`);
  const jest = path.join(project.host.dir, 'node_modules', 'jest', 'bin', 'jest.js');
  const child = spawn(process.execPath, [jest, '--json', `--outputFile=${out}`, ...args], {
    cwd: project.dir,
    env: cleanEnvironment(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  let report: Report;
  try {
    report = JSON.parse(readFileSync(out, 'utf8'));
  } catch {
    throw new Error(`Jest wrote no report (exit code ${exitCode}):\n${stdout}\n${stderr}`);
  }
  return { exitCode, stdout, stderr, report, out };
}

/** All nodes at once, each as its CI job would start it. */
export function runNodes(
  project: Project,
  nodes: number,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<ReportedRun[]> {
  return Promise.all(
    Array.from({ length: nodes }, (_, index) =>
      runReported(project, ['--testSequencer=jest-distributed', ...args], {
        JEST_DISTRIBUTED_NODES: String(nodes),
        JEST_DISTRIBUTED_NODE_NUMBER: String(index + 1),
        ...environment,
      }),
    ),
  );
}

/** `<file> <status> <full name>`, sorted, repeats included, without entries that stand for nothing. */
export function testsIn(project: Project, all: readonly ReportedRun[]): string[] {
  return all
    .flatMap(({ report }) =>
      report.testResults.flatMap(({ name, assertionResults }) =>
        assertionResults
          .filter(({ fullName }) => fullName !== EMPTY_TITLE)
          .map(({ fullName, status }) => `${path.relative(project.dir, name)} ${status} ${fullName}`),
      ),
    )
    .sort();
}

export const filesIn = ({ report }: ReportedRun): string[] => report.testResults.map(({ name }) => path.basename(name));

export interface KnownFile {
  /** Null where the run has one unnamed project. */
  readonly project?: string | null;
  readonly ms: number;
  readonly tests?: Readonly<Record<string, number>>;
}

/** Writes a store of timings: path → duration of the file and of its tests. */
export function writeTimings({ dir }: Project, files: Readonly<Record<string, KnownFile>>): string {
  const entries = Object.entries(files).map(([file, { project = null, ms, tests = {} }]): [string, FileTimings] => [
    fileKey({ project, path: file }),
    {
      ...{ project, path: file, durationMs: ms, nodes: {}, parts: new Map() },
      ...{ tests: () => new Map(Object.entries(tests)), testCount: Object.keys(tests).length },
    },
  ]);
  writeFileSync(path.join(dir, 'timings.json'), serializeTimings({ ...emptyTimings, files: new Map(entries) }));
  return 'timings.json';
}
