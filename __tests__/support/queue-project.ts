/** Little projects that real Jests run as nodes of one queue, in processes of their own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Folders with an installed Jest to test with besides this repository's own, as in PATH. */
const MORE_JESTS_VARIABLE = 'JEST_DISTRIBUTED_TEST_JESTS';
const moreJests = (process.env[MORE_JESTS_VARIABLE] ?? '').split(path.delimiter).filter(Boolean);
const repository = path.resolve(__dirname, '../..');

/** Each with its version. */
export const jests: readonly { readonly folder: string; readonly version: string }[] = [repository, ...moreJests].map(
  (folder) => ({
    folder,
    version: JSON.parse(readFileSync(path.join(folder, 'node_modules/jest/package.json'), 'utf8')).version as string,
  }),
);

export interface NodeEvent {
  readonly kind: 'start' | 'result' | 'end';
  readonly node: string;
  readonly project: string | null;
  readonly file: string;
  readonly failed: boolean;
  readonly message: string;
  readonly total: number;
  readonly ran: number;
  readonly run: {
    readonly retried: string[];
    readonly superseded: string[];
    readonly flaky: string[];
    readonly cancelledBy: string | null;
  };
}

export interface NodeRun {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
}

export interface Project {
  readonly folder: string;
  /** What all nodes' reporters heard so far. */
  readonly events: () => NodeEvent[];
  readonly start: (
    settings: Record<string, unknown>,
    args?: readonly string[],
    nodeArgs?: readonly string[],
  ) => NodeRun;
  readonly remove: () => void;
}

/** @param files content by path; `config` is Jest's, without runner and reporters. */
export function makeProject(
  jest: string,
  files: Readonly<Record<string, string>>,
  config: Record<string, unknown> = {},
): Project {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'jd-project-')));
  const log = path.join(folder, 'events.log');
  const support = path.join(__dirname, 'queue-project');
  const project = { testEnvironment: 'node', transform: {}, runner: path.join(support, 'runner.js') };
  const { projects, ...rest } = config as { projects?: Record<string, unknown>[] };
  const whole = {
    reporters: ['default', path.join(support, 'reporter.js')],
    ...(projects ? { projects: projects.map((one) => ({ ...project, ...one })) } : project),
    ...rest,
  };
  const all = { 'package.json': '{}', 'jest.config.json': JSON.stringify(whole), 'events.log': '', ...files };
  for (const [name, content] of Object.entries(all)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
  return {
    folder,
    events: () =>
      readFileSync(log, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as NodeEvent),
    start: (settings, args = [], nodeArgs = []) => {
      const { JEST_WORKER_ID: _worker, ...inherited } = process.env;
      const child = spawn(process.execPath, [...nodeArgs, path.join(jest, 'node_modules/jest/bin/jest.js'), ...args], {
        cwd: folder,
        env: { ...inherited, CI: '1', FORCE_COLOR: '0', QUEUE_TEST: JSON.stringify({ jest, log, ...settings }) },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (chunk: string) => {
          output += chunk;
        });
      }
      const ended = new Promise<{ code: number | null; output: string }>((resolve) => {
        child.on('close', (code) => resolve({ code, output }));
      });
      return { child, ended };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
