/**
 * The nodes of `run --local`, from their start to their end.
 */
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { onStopSignal } from '../../files/processes';
import type { ProgressEvent } from '../../jest/channels/progress';
import type { Session } from '../../jest/planning/session';
import type { Plan } from '../../plan/plan';
import type { RunStarted } from '../../reports/live/events';
import { plannedMsOf } from '../../reports/plan/node-time';
import { countFiles } from '../../reports/plan/plan-table';
import type { NodeVerdict } from '../../reports/run-report/verdict';
import type { LiveDisplay } from './live-display';
import type { NodeExit, RunningNode, StartNode } from './local-node';
import { stopNodes } from './stop-nodes';

type FileEnd = Extract<ProgressEvent, { kind: 'file-ended' }>;

/** What is known of one node once it has run. */
export interface NodeRecord {
  readonly node: number;
  readonly files: FileEnd[];
  readonly startedAt: number;
  durationMs: number;
  exit: NodeExit | undefined;
  /** Its tests had ended, but something that they opened kept the process. */
  hasLeftOpen: boolean;
}

/** The number a Jest argument like `--maxWorkers=2` or `-w 50%` asks for; undefined where there is none. */
export function chosenWorkers(jestArgs: readonly string[]): number | undefined {
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

/**
 * A node ends itself a few seconds after its Jest is through. One that cannot (its main thread is blocked) is ended after
 * this time.
 */
const STUCK_MS = 15_000;

/** How a node ended, as the verdict of the whole needs it. */
export function verdictOf(plan: Plan, record: NodeRecord, isQueued: boolean): NodeVerdict {
  const { node } = record;
  const planned = isQueued ? undefined : plan.nodes[node - 1];
  const { exitCode = null, signal = null, lost } = record.exit ?? {};
  const sum = (pick: (file: FileEnd) => number) => record.files.reduce((all, file) => all + pick(file), 0);
  return {
    node,
    state: signal !== null ? 'killed' : exitCode === 0 ? 'passed' : 'failed',
    filesRun: record.files.length,
    filesPlanned: planned === undefined ? record.files.length : countFiles(planned.items),
    tests: sum(({ passed, failed, skipped }) => passed + failed + skipped),
    testsFailed: sum(({ failed }) => failed),
    durationMs: record.durationMs,
    plannedMs: planned === undefined ? null : plannedMsOf(plan, planned),
    exitCode,
    signal,
    ...(lost !== undefined && { lost }),
  };
}

/** What the nodes of a plan are to run, as the first event of the stream. */
function runStarted({ plan, workers, isSequential, isQueued }: LocalRun): RunStarted {
  return {
    kind: 'run-started',
    ...{ nodes: plan.nodes.length, workers, takesTurns: isSequential, isQueued, unit: plan.unit },
    items: plan.nodes.flatMap(({ node, items }) =>
      items.map(({ project, file, part, estimate }) => ({
        ...{ file: { project, path: file }, part, node: isQueued ? null : node, estimate: estimate },
      })),
    ),
  };
}

interface LocalRun {
  readonly start: StartNode;
  readonly planPath: string;
  readonly reportDir: string;
  readonly plan: Plan;
  /** Jest workers of each node. */
  readonly workers: number;
  readonly flags: readonly string[];
  readonly jestArgs: readonly string[];
  readonly isSequential: boolean;
  /** The nodes pull from a queue; else every node runs its share of the plan. */
  readonly isQueued: boolean;
  /** Variables of ours that all nodes need. */
  readonly variables: Readonly<Record<string, string>>;
  /** Absolute path of the file for what a node prints. */
  readonly logOf: (node: number) => string;
  /** What people call a node, if not by its number. */
  readonly nameOf?: ((node: number) => string) | undefined;
  readonly display: LiveDisplay;
}

export interface LocalResult {
  /** By node. */
  readonly records: readonly NodeRecord[];
  readonly durationMs: number;
  readonly stoppedBy: NodeJS.Signals | undefined;
}

/** Runs every node of the plan, all at once or one after the other; a stop signal ends them all. */
export async function runNodes(localRun: LocalRun): Promise<LocalResult> {
  const { start, planPath, reportDir, plan, flags, jestArgs, isSequential, variables, logOf, nameOf, display } =
    localRun;
  const startedAt = performance.now();
  const running = new Set<RunningNode>();
  const records: NodeRecord[] = [];
  let stoppedBy: NodeJS.Signals | undefined;
  const release = onStopSignal((signal, times) => {
    stoppedBy = signal;
    display.show({ kind: 'run-stopping', signal, times, at: Date.now() });
    stopNodes(running, times > 1 ? 'SIGKILL' : signal);
  });
  const run = async (node: number) => {
    const record: NodeRecord = {
      ...{ node, files: [], startedAt: performance.now(), durationMs: 0, exit: undefined, hasLeftOpen: false },
    };
    records.push(record);
    let stuck: NodeJS.Timeout | undefined;
    const name = nameOf?.(node);
    display.show({ kind: 'node-started', node, ...(name !== undefined && { name }), at: Date.now() });
    const started = start({
      ...{ node, nodes: plan.nodes.length, planPath, reportDir, flags, jestArgs, variables, log: logOf(node) },
      onProgress: (event) => {
        if (event.kind === 'jest-end') {
          stuck = setTimeout(() => stopNodes([started], 'SIGTERM'), STUCK_MS);
        } else if (event.kind === 'left-open') {
          record.hasLeftOpen = true;
        } else {
          if (event.kind === 'file-ended') record.files.push(event);
          display.show({ ...event, node, at: Date.now() });
        }
      },
    });
    running.add(started);
    record.exit = await started.exit;
    clearTimeout(stuck);
    running.delete(started);
    record.durationMs = performance.now() - record.startedAt;
    display.show({ kind: 'node-ended', node, ...record.exit, at: Date.now() });
  };
  try {
    display.show({ ...runStarted(localRun), at: Date.now() });
    const numbers = plan.nodes.map(({ node }) => node);
    if (isSequential) {
      for (const node of numbers) if (stoppedBy === undefined) await run(node);
    } else {
      await Promise.all(numbers.map(run));
    }
  } finally {
    release();
    display.show({ kind: 'run-ended', at: Date.now() });
  }
  records.sort((one, other) => one.node - other.node);
  return { records, durationMs: performance.now() - startedAt, stoppedBy };
}
