/**
 * Runs of the selection fixtures: one plain Jest, or one Jest for each node, and what they wrote down.
 */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FileSelection } from '../../../src/select/file-selection';
import type { SplitRecord } from '../../../src/select/split-record';
import type { Host } from '../../support/hosts';
import { cleanEnvironment, copyProject, type Project } from '../../support/projects';

const FIXTURES = '__tests__/fixtures/selection';

export interface LogEntry {
  readonly file: string;
  readonly kind: 'test' | 'event' | 'beforeAll' | 'afterAll' | 'beforeEach' | 'afterEach';
  readonly suite?: string;
  readonly test?: string;
}

export interface Result {
  readonly fullName: string;
  readonly status: string;
}

export interface ReportedFile {
  readonly project: string;
  readonly file: string;
  readonly results: readonly (Result & { readonly failures: readonly string[] })[];
  readonly counts: {
    readonly failed: number;
    readonly passed: number;
    readonly pending: number;
    readonly todo: number;
  };
  readonly error: string | null;
  readonly failureMessage: string | null;
  readonly leaks: boolean;
  readonly snapshot: { readonly uncheckedKeys: readonly string[] };
  readonly record: SplitRecord | null;
}

export interface Run {
  readonly exitCode: number | null;
  readonly output: string;
  readonly log: readonly LogEntry[];
  readonly files: readonly ReportedFile[];
  readonly cases: readonly (Result & { readonly project: string; readonly file: string })[];
  readonly totals: {
    readonly numTotalTests: number;
    readonly numPendingTests: number;
    readonly numFailedTestSuites: number;
    readonly snapshot: { readonly matched: number };
  };
}

/** `<displayName>:<path>` → what a node runs of that file. */
export type Dealt = Readonly<Record<string, FileSelection>>;

export interface NodeRun {
  /** Undefined: a plain run, without anything of ours but the set-up file, which then does nothing. */
  readonly dealt?: Dealt;
  /** `sequencer`: the package's own, which deals by itself. */
  readonly front?: 'test-runner' | 'setup' | 'sequencer';
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export function copyFixture(host: Host, name: string): Project {
  return copyProject(host, path.join(FIXTURES, name));
}

const packageOf = ({ host }: Project): string => path.join(host.dir, 'node_modules', 'jest-distributed');
const fixture = (name: string): string => path.join(__dirname, '..', '..', '..', FIXTURES, name);

/** Starts one Jest and reads what it left behind. */
export async function runNode(
  project: Project,
  { dealt, front = 'test-runner', args = [], env = {} }: NodeRun,
): Promise<Run> {
  const traces = mkdtempSync(path.join(project.dir, '.traces-'));
  const [log, report, deal] = ['log', 'report', 'dealt'].map((name) => path.join(traces, name)) as [
    string,
    string,
    string,
  ];
  if (dealt !== undefined) writeFileSync(deal, JSON.stringify(dealt));
  const jest = path.join(project.host.dir, 'node_modules', 'jest', 'bin', 'jest.js');
  const ours = ['--reporters', 'default', '--reporters', fixture('reporter.js'), '--cacheDirectory', cacheOf(project)];
  const sequencer = sequencerFor(front, dealt);
  const child = spawn(process.execPath, ['--experimental-vm-modules', jest, ...ours, ...sequencer, ...args], {
    cwd: project.dir,
    env: cleanEnvironment({
      SELECTION_PACKAGE: packageOf(project),
      SELECTION_SETUP: path.join(packageOf(project), 'dist', 'setup.js'),
      SELECTION_LOG: log,
      SELECTION_REPORT: report,
      SELECTION_DEALT: deal,
      SELECTION_FRONT: front,
      NODE_OPTIONS: '--experimental-vm-modules',
      ...env,
    }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (!existsSync(report)) throw new Error(`Jest wrote no report:\n${output}`);
  const lines = existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : [];
  return { exitCode, output, log: lines.map((line) => JSON.parse(line)), ...JSON.parse(readFileSync(report, 'utf8')) };
}

function sequencerFor(front: NodeRun['front'], dealt: Dealt | undefined): readonly string[] {
  if (front === 'sequencer') return ['--testSequencer=jest-distributed'];
  return dealt === undefined ? [] : ['--testSequencer', fixture('sequencer.js')];
}

function cacheOf({ dir }: Project): string {
  const cache = path.join(dir, '.cache');
  mkdirSync(cache, { recursive: true });
  return cache;
}

/** A copy of a project for one node: nodes are machines with a checkout each. */
export function checkoutOf(project: Project, name: string): Project {
  const dir = `${project.dir}-${name}`;
  cpSync(project.dir, dir, { recursive: true });
  return { ...project, dir };
}
