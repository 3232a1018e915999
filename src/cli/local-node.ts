/**
 * One node of `run --local`: a process of its own, as it would be on a machine of its own.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { PROGRESS_FD_VARIABLE, type ProgressEvent, progressParser } from '../jest/progress';
import { withoutOptions } from '../options/environment';

export interface NodeStart {
  /** 1-based. */
  readonly node: number;
  readonly nodes: number;
  /** Absolute path of the plan that all nodes obey. */
  readonly planPath: string;
  /** Options that are the same for all nodes, as flags. */
  readonly flags: readonly string[];
  readonly jestArgs: readonly string[];
  /** Variables of ours that it needs besides. */
  readonly variables: Readonly<Record<string, string>>;
  readonly onProgress: (event: ProgressEvent) => void;
}

export interface NodeExit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Everything it printed, stdout and stderr as they came. */
  readonly output: string;
}

export interface RunningNode {
  readonly process: ChildProcess;
  readonly exit: Promise<NodeExit>;
}

const BIN = path.join(__dirname, '..', 'cli.js');
const PROGRESS_FD = 3;

/** Starts a node. Its own variables are not inherited: what the parent was told about a node is about no child of it. */
export function startNode({ node, nodes, planPath, flags, jestArgs, variables, onProgress }: NodeStart): RunningNode {
  const args = [
    ...['run', '--nodes', String(nodes), '--node-number', String(node), '--plan', planPath],
    ...flags,
    ...['--', ...jestArgs],
  ];
  const child = spawn(process.execPath, [...process.execArgv, BIN, ...args], {
    env: { ...withoutOptions(process.env), ...variables, [PROGRESS_FD_VARIABLE]: String(PROGRESS_FD) },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    // A process group of its own, so that Ctrl-C reaches it once, from the parent, together with its workers.
    detached: process.platform !== 'win32',
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => output.push(chunk));
  }
  const progress = child.stdio[PROGRESS_FD] as Readable;
  progress.setEncoding('utf8').on('data', progressParser(onProgress));
  const exit = new Promise<NodeExit>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal, output: output.join('') }));
  });
  return { process: child, exit };
}
