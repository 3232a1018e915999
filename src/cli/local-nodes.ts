/**
 * The nodes of `run --local`, from their start to their end.
 */
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { ProgressEvent } from '../jest/progress';
import type { Session } from '../jest/session';
import type { Plan } from '../plan/plan';
import { plannedMsOf } from '../reports/node-time';
import { countFiles } from '../reports/plan-table';
import type { NodeProgress } from '../reports/progress-lines';
import type { NodeVerdict } from '../reports/verdict';
import type { LiveDisplay } from './live-display';
import { type NodeExit, type RunningNode, startNode } from './local-node';
import { onStopSignal, stopNodes } from './stop-signals';

type FileEnd = Extract<ProgressEvent, { kind: 'file-end' }>;

/** What is known of one node while it runs and after. */
export interface NodeRecord {
  progress: NodeProgress;
  readonly files: FileEnd[];
  readonly startedAt: number;
  exit: NodeExit | undefined;
  /** Its tests had ended, but something that they opened kept the process. */
  hasLeftOpen: boolean;
}

/** The number a Jest argument like `--maxWorkers=2` or `-w 50%` asks for; undefined where there is none. */
function chosenWorkers(jestArgs: readonly string[]): number | undefined {
  if (jestArgs.some((arg) => /^(-i|--runInBand|--run-in-band)$/.test(arg))) return 1;
  const index = jestArgs.findIndex((arg) => /^(-w|--maxWorkers|--max-workers)(=|$)/.test(arg));
  if (index < 0) return undefined;
  const text = jestArgs[index]?.split('=')[1] ?? jestArgs[index + 1] ?? '';
  const number = Number.parseInt(text, 10);
  const workers = text.endsWith('%') ? Math.floor((availableParallelism() * number) / 100) : number;
  return Math.max(1, workers || 1);
}

/**
 * Jest gives every process all cores but one; N of them at once would fight.
 *
 * @param atOnce how many nodes run at the same time.
 * @returns Jest's arguments, and the number of workers they lead to.
 */
export function withWorkers(
  jestArgs: readonly string[],
  { options }: Pick<Session, 'options'>,
  atOnce: number,
): { readonly args: readonly string[]; readonly workers: number } {
  const chosen = chosenWorkers(jestArgs);
  if (chosen !== undefined) return { args: jestArgs, workers: chosen };
  const workers = options.workers?.value ?? Math.max(1, Math.floor(availableParallelism() / atOnce));
  return { args: [`--maxWorkers=${workers}`, ...jestArgs], workers };
}

function follow(record: NodeRecord, event: ProgressEvent): void {
  const { progress } = record;
  const elapsedMs = performance.now() - record.startedAt;
  switch (event.kind) {
    case 'start':
      record.progress = { ...progress, state: 'running', filesTotal: event.files, elapsedMs };
      break;
    case 'file-start':
      record.progress = { ...progress, currentFile: event.file, elapsedMs };
      break;
    case 'file-end': {
      record.files.push(event);
      const testsFailed = progress.testsFailed + event.failed;
      record.progress = { ...progress, filesDone: record.files.length, testsFailed, currentFile: null, elapsedMs };
      break;
    }
    case 'left-open':
      record.hasLeftOpen = true;
      break;
    case 'jest-end':
      break;
  }
}

/**
 * A node ends itself a few seconds after its Jest is through. One that cannot (its main thread is blocked) is ended after
 * this time.
 */
const STUCK_MS = 15_000;

/** How a node ended, as the verdict of the whole needs it. */
export function verdictOf(plan: Plan, record: NodeRecord, isQueued: boolean): NodeVerdict {
  const { node } = record.progress;
  const planned = isQueued ? undefined : plan.nodes[node - 1];
  const { exitCode = null, signal = null } = record.exit ?? {};
  const sum = (pick: (file: FileEnd) => number) => record.files.reduce((all, file) => all + pick(file), 0);
  return {
    node,
    state: signal !== null ? 'killed' : exitCode === 0 ? 'passed' : 'failed',
    filesRun: record.files.length,
    filesPlanned: planned === undefined ? record.files.length : countFiles(planned.items),
    tests: sum(({ passed, failed, skipped }) => passed + failed + skipped),
    testsFailed: sum(({ failed }) => failed),
    durationMs: record.progress.elapsedMs,
    plannedMs: planned === undefined ? null : plannedMsOf(plan, planned),
    exitCode,
    signal,
  };
}

interface LocalRun {
  readonly planPath: string;
  readonly plan: Plan;
  readonly flags: readonly string[];
  readonly jestArgs: readonly string[];
  readonly isSequential: boolean;
  /** The nodes pull from a queue; else every node runs its share of the plan. */
  readonly isQueued: boolean;
  /** Variables of ours that all nodes need. */
  readonly variables: Readonly<Record<string, string>>;
  /** Absolute path of the file for what a node prints. */
  readonly logOf: (node: number) => string;
  readonly display: LiveDisplay;
}

export interface LocalResult {
  /** By node. */
  readonly records: readonly NodeRecord[];
  readonly durationMs: number;
  readonly stoppedBy: NodeJS.Signals | undefined;
}

/** Runs every node of the plan, all at once or one after the other; a stop signal ends them all. */
export async function runNodes({
  planPath,
  plan,
  flags,
  jestArgs,
  isSequential,
  isQueued,
  variables,
  logOf,
  display,
}: LocalRun): Promise<LocalResult> {
  const startedAt = performance.now();
  const running = new Set<RunningNode>();
  const records: NodeRecord[] = [];
  const all = () => records.map(({ progress }) => progress);
  let stoppedBy: NodeJS.Signals | undefined;
  const release = onStopSignal((signal, times) => {
    stoppedBy = signal;
    stopNodes(running, times > 1 ? 'SIGKILL' : signal);
  });
  const run = async (node: number) => {
    const record: NodeRecord = {
      progress: {
        node,
        state: 'starting',
        filesDone: 0,
        filesTotal: isQueued ? null : countFiles(plan.nodes[node - 1]?.items ?? []),
        testsFailed: 0,
        currentFile: null,
        elapsedMs: 0,
      },
      files: [],
      startedAt: performance.now(),
      exit: undefined,
      hasLeftOpen: false,
    };
    records.push(record);
    let stuck: NodeJS.Timeout | undefined;
    const started = startNode({
      ...{ node, nodes: plan.nodes.length, planPath, flags, jestArgs, variables, log: logOf(node) },
      onProgress: (event) => {
        follow(record, event);
        if (event.kind === 'jest-end') stuck = setTimeout(() => stopNodes([started], 'SIGTERM'), STUCK_MS);
        else display.update(all(), record.progress);
      },
    });
    running.add(started);
    record.exit = await started.exit;
    clearTimeout(stuck);
    running.delete(started);
    const elapsedMs = performance.now() - record.startedAt;
    const { exitCode, signal } = record.exit;
    const state = signal !== null ? 'killed' : exitCode === 0 ? 'passed' : 'failed';
    record.progress = { ...record.progress, state, currentFile: null, elapsedMs };
    display.update(all(), record.progress, { exitCode, signal });
  };
  try {
    const numbers = plan.nodes.map(({ node }) => node);
    if (isSequential) {
      for (const node of numbers) if (stoppedBy === undefined) await run(node);
    } else {
      await Promise.all(numbers.map(run));
    }
  } finally {
    release();
    display.stop();
  }
  records.sort((one, other) => one.progress.node - other.progress.node);
  return { records, durationMs: performance.now() - startedAt, stoppedBy };
}
