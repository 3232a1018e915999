/**
 * One node of `run --local`: a process of its own, as it would be on a machine of its own.
 */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import path from 'node:path';
import { signalGroup } from '../../files/signal-group';
import { lineSplitter } from '../../files/split-lines';
import { variableName } from '../../jest/channels/environment';
import type { ProgressEvent } from '../../jest/channels/progress';
import { withoutOptions } from '../../options/environment';

export interface NodeStart {
  /** 1-based. */
  readonly node: number;
  readonly nodes: number;
  /** Path of the plan that all nodes obey, relative to the working directory, as the command that repeats a node names it. */
  readonly planPath: string;
  /** Folder for its blob. */
  readonly reportDir: string;
  /** Options that are the same for all nodes, as flags. */
  readonly flags: readonly string[];
  readonly jestArgs: readonly string[];
  /** Variables of ours that it needs besides. */
  readonly variables: Readonly<Record<string, string>>;
  /** Absolute path of the file that takes what it prints: it may be more than memory holds. */
  readonly log: string;
  readonly onProgress: (event: ProgressEvent) => void;
  /** The bin that runs it, absolute, and where, if not those of this process, with its arguments of Node. */
  readonly elsewhere?: { readonly bin: string; readonly cwd: string };
}

export interface NodeExit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it has no end of its own, as a clause: it never started, or nobody can see how it ended. */
  readonly lost?: string;
}

export interface RunningNode {
  /** Signals the node and its workers. */
  readonly signal: (signal: NodeJS.Signals) => void;
  readonly exit: Promise<NodeExit>;
}

/** Starts one node. */
export type StartNode = (start: NodeStart) => RunningNode;

const BIN = path.join(__dirname, '..', '..', 'cli.js');
const PROGRESS_FD = 3;
const PARENT_FD = 4;

/** What is still in the pipe when a node has ended is read within this time. */
const DRAIN_MS = 1000;

/** The end of a stream; not later than `DRAIN_MS`: a process that a test left behind may hold the pipe for ever. */
function drained(stream: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (stream.closed || stream.readableEnded) return resolve();
    const timer = setTimeout(resolve, DRAIN_MS);
    stream.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Starts a node. Its own variables are not inherited: settings about one node are for none of the parent's nodes. */
export function startNode(start: NodeStart): RunningNode {
  const { node, nodes, planPath, reportDir, flags, jestArgs, variables, log, onProgress, elsewhere } = start;
  const args = [
    ...['run', '--nodes', String(nodes), '--node-number', String(node), '--plan', planPath, '--report-dir', reportDir],
    ...flags,
    ...['--', ...jestArgs],
  ];
  const program = elsewhere === undefined ? [...process.execArgv, BIN] : [elsewhere.bin];
  // Both streams into one file, in their order, and without a pipe that somebody must empty.
  const output = openSync(log, 'a');
  const child = spawn(process.execPath, [...program, ...args], {
    ...(elsewhere && { cwd: elsewhere.cwd }),
    env: {
      ...withoutOptions(process.env),
      ...variables,
      [variableName('PROGRESS_FD')]: String(PROGRESS_FD),
      [variableName('PARENT_FD')]: String(PARENT_FD),
    },
    stdio: ['ignore', output, output, 'pipe', 'pipe'],
    // A process group of its own, so that Ctrl-C reaches it once, from the parent, together with its workers.
    detached: process.platform !== 'win32',
  });
  closeSync(output);
  const progress = child.stdio[PROGRESS_FD] as Socket;
  const life = child.stdio[PARENT_FD] as Socket;
  progress.setEncoding('utf8').on(
    'data',
    lineSplitter((line) => onProgress(JSON.parse(line) as ProgressEvent)),
  );
  // A node that is gone says nothing more; that is no error of ours.
  for (const stream of [progress, life]) stream.on('error', () => undefined);
  const exit = new Promise<NodeExit>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (exitCode, signal) => {
      // Not the event 'close': it waits for every process that holds one of the pipes.
      drained(progress).then(() => {
        progress.destroy();
        life.destroy();
        resolve({ exitCode, signal });
      }, reject);
    });
  });
  return { signal: (signal) => signalGroup(child.pid, signal), exit };
}
