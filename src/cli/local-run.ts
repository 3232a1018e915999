/**
 * `run --local`: all nodes on this machine, one plan, one verdict.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { ArgumentsCamelCase } from 'yargs';
import type { PlannedRun } from '../jest/planning';
import type { ProgressEvent } from '../jest/progress';
import { optionNames, optionRow } from '../options/table';
import type { Plan } from '../plan/plan';
import { timeOf } from '../reports/node-time';
import { planTable } from '../reports/plan-table';
import type { NodeProgress } from '../reports/progress-lines';
import { detectTerminal } from '../reports/terminal';
import { hasPassed, type NodeVerdict, verdictLines } from '../reports/verdict-lines';
import { type LiveDisplay, openDisplay } from './live-display';
import { type NodeExit, type RunningNode, startNode } from './local-node';
import { planNotes } from './plan-notes';
import { openPlanningSession, planSession, requireNodes } from './planning-session';
import { recordLocalRun } from './record-timings';
import { onStopSignal, stopNodes } from './stop-signals';

type FileEnd = Extract<ProgressEvent, { kind: 'file-end' }>;

/** What is known of one node while it runs and after. */
interface NodeRecord {
  progress: NodeProgress;
  readonly files: FileEnd[];
  readonly startedAt: number;
  exit: NodeExit | undefined;
  interrupted: boolean;
}

/** Placing is done when a node starts, and identity is the parent's to give. */
const PARENT_ONLY = new Set([
  'nodes',
  'nodeNumber',
  'nodeIndex',
  'plan',
  'timings',
  'strategy',
  'workers',
  'expectDigest',
]);

function sharedFlags(argv: ArgumentsCamelCase): string[] {
  return optionNames.flatMap((name) => {
    const { flag } = optionRow(name);
    const value = argv[flag];
    if (PARENT_ONLY.has(name) || value === undefined || value === false) return [];
    return value === true ? [`--${flag}`] : [`--${flag}`, String(value)];
  });
}

/** Jest gives every process all cores but one; N of them at once would fight. */
function withWorkers(jestArgs: readonly string[], atOnce: number): string[] {
  const chosen = jestArgs.some((arg) => /^(-i|-w|--runInBand|--run-in-band|--maxWorkers|--max-workers)(=|$)/.test(arg));
  const workers = Math.max(1, Math.floor(availableParallelism() / atOnce));
  return chosen ? [...jestArgs] : [`--maxWorkers=${workers}`, ...jestArgs];
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
    case 'end':
      record.interrupted = event.interrupted || event.bailed;
      break;
  }
}

function verdictOf(plan: Plan, node: number, record: NodeRecord): NodeVerdict {
  const planned = plan.nodes[node - 1];
  const { exitCode = null, signal = null } = record.exit ?? {};
  const sum = (pick: (file: FileEnd) => number) => record.files.reduce((all, file) => all + pick(file), 0);
  return {
    node,
    state: signal !== null ? 'killed' : exitCode === 0 ? 'passed' : 'failed',
    filesRun: record.files.length,
    filesPlanned: planned?.items.length ?? 0,
    tests: sum(({ passed, failed, skipped }) => passed + failed + skipped),
    testsFailed: sum(({ failed }) => failed),
    durationMs: record.progress.elapsedMs,
    plannedMs: plan.unit === 'ms' && planned !== undefined ? timeOf(planned, plan.workers) : null,
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
  readonly display: LiveDisplay;
}

interface LocalResult {
  readonly records: readonly NodeRecord[];
  readonly durationMs: number;
  readonly stoppedBy: NodeJS.Signals | undefined;
}

async function runNodes({ planPath, plan, flags, jestArgs, isSequential, display }: LocalRun): Promise<LocalResult> {
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
        filesTotal: plan.nodes[node - 1]?.items.length ?? null,
        testsFailed: 0,
        currentFile: null,
        elapsedMs: 0,
      },
      files: [],
      startedAt: performance.now(),
      exit: undefined,
      interrupted: false,
    };
    records.push(record);
    const started = startNode({
      ...{ node, nodes: plan.nodes.length, planPath, flags, jestArgs },
      onProgress: (event) => {
        follow(record, event);
        display.update(all(), record.progress);
      },
    });
    running.add(started);
    record.exit = await started.exit;
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
  return { records, durationMs: performance.now() - startedAt, stoppedBy };
}

function printFailedOutput(records: readonly NodeRecord[]): void {
  for (const { exit, progress } of records) {
    if (exit === undefined || exit.exitCode === 0) continue;
    process.stderr.write(`\noutput of node ${progress.node}:\n${exit.output.replace(/^/gm, '  ')}\n`);
  }
}

const SIGNAL_EXIT: Partial<Record<NodeJS.Signals, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/** Runs all nodes on this machine. @returns the exit code of the whole. */
export async function runLocally(argv: ArgumentsCamelCase, jestArgs: readonly string[]): Promise<number> {
  const session = await openPlanningSession(argv, jestArgs);
  requireNodes(session, 'run --local');
  const planned: PlannedRun = await planSession(session, true);
  const { plan } = planned;
  const terminal = detectTerminal(process.stderr, process.env);
  process.stderr.write(`${planTable(plan, terminal, { notes: planNotes(session, planned) }).join('\n')}\n\n`);

  const isSequential = argv.sequential === true;
  const nodeArgs = withWorkers(jestArgs, isSequential ? 1 : plan.nodes.length);
  const folder = await mkdtemp(path.join(tmpdir(), 'jest-distributed-'));
  try {
    const planPath = path.join(folder, 'plan.json');
    await writeFile(planPath, JSON.stringify(plan));
    const { records, durationMs, stoppedBy } = await runNodes({
      ...{ planPath, plan, isSequential },
      flags: sharedFlags(argv),
      jestArgs: nodeArgs,
      display: openDisplay(process.stderr, terminal),
    });
    printFailedOutput(records);
    const view = {
      nodes: [...records]
        .sort((a, b) => a.progress.node - b.progress.node)
        .map((record) => verdictOf(plan, record.progress.node, record)),
      durationMs,
      problems: stoppedBy === undefined ? [] : [`stopped by ${stoppedBy}`],
    };
    process.stderr.write(`\n${verdictLines(view, terminal).join('\n')}\n`);
    const isComplete = stoppedBy === undefined && records.every(({ interrupted }) => !interrupted);
    if (isComplete && view.nodes.every(({ filesRun, filesPlanned }) => filesRun === filesPlanned)) {
      await recordLocalRun(
        session,
        planned,
        records.flatMap(({ files }) => files.map(({ file, ...rest }) => ({ ...rest, path: file }))),
        plan.workers,
      );
    }
    return stoppedBy === undefined ? (hasPassed(view) ? 0 : 1) : (SIGNAL_EXIT[stoppedBy] ?? 1);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
