/**
 * `run --local`: all nodes on this machine, one plan, one verdict.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ArgumentsCamelCase } from 'yargs';
import { DistributedError } from '../errors';
import { gatherRun } from '../files/blob-gather';
import { defaultTimings } from '../jest/knowledge';
import type { PlannedRun } from '../jest/planning';
import { fileKey } from '../plan/item';
import type { Plan } from '../plan/plan';
import { countOf } from '../reports/durations';
import { countFiles, planTable } from '../reports/plan-table';
import { noticeLines } from '../reports/share-lines';
import { detectTerminal, type Terminal } from '../reports/terminal';
import { type NodeVerdict, problemOf } from '../reports/verdict';
import { verdictLines } from '../reports/verdict-lines';
import { concludeRun } from './conclude';
import { openDisplay } from './live-display';
import { type LocalResult, type NodeRecord, runNodes, sharedFlags, verdictOf, withWorkers } from './local-nodes';
import { localQueueNotice, openRunQueue } from './local-queue';
import { DEFAULT_PAGE_PATH } from './merged-run';
import { planNotes } from './plan-notes';
import { openPlanningSession, type PlanningSession, planSession, requireNodes } from './planning-session';
import { confirmBy } from './queue-witness';
import { exitCodeOf } from './stop-signals';

const LOCAL_RUN_ID = 'local';

/** A node that ended badly although no test of it failed: what it said is nowhere else. */
function tellTroubles(records: readonly NodeRecord[], verdicts: readonly NodeVerdict[]): string[] {
  return verdicts.flatMap((verdict, index) => {
    const problem = problemOf(verdict);
    const { files = [], exit } = records[index] ?? {};
    // What a failed test or file said comes with the replay.
    if (problem === null || (verdict.signal === null && files.some(({ ok }) => !ok))) return [];
    const output = exit?.output ?? '';
    process.stderr.write(`\noutput of node ${verdict.node}:\n${output.replace(/^/gm, '  ')}\n`);
    return [`node ${verdict.node} ${problem}`];
  });
}

function tellStopped(
  nodes: readonly NodeVerdict[],
  { durationMs, stoppedBy }: LocalResult,
  terminal: Terminal,
): number {
  const view = { nodes, durationMs, problems: [`stopped by ${stoppedBy}`] };
  process.stderr.write(`\n${verdictLines(view, terminal).join('\n')}\n`);
  return exitCodeOf(stoppedBy as NodeJS.Signals);
}

function isSplitOverNodes({ nodes }: Plan): boolean {
  const homes = new Map<string, number>();
  return nodes.some(({ node, items }) =>
    items.some(({ project, file, part }) => {
      if (part === null) return false;
      const key = fileKey({ project, path: file });
      const other = homes.get(key);
      homes.set(key, node);
      return other !== undefined && other !== node;
    }),
  );
}

const updatesSnapshots = (jestArgs: readonly string[]): boolean =>
  jestArgs.some((arg) => ['-u', '--updateSnapshot', '--update-snapshot'].includes(arg));

/** As Jest decides it: `--ci` (the default in a CI) writes none, unless they are to be updated. */
function mayWriteSnapshots(jestArgs: readonly string[]): boolean {
  const has = (...names: string[]) => jestArgs.some((arg) => names.includes(arg));
  const isCi = Boolean(process.env.CI) && !has('--no-ci', '--ci=false');
  return !(isCi || has('--ci', '--ci=true'));
}

/** Every node would run the same failures: they come from this machine's cache and are not placed. */
function refuseOnlyFailures(jestArgs: readonly string[]): void {
  if (!jestArgs.some((arg) => /^(-f|--onlyFailures|--only-failures)$/.test(arg))) return;
  throw new DistributedError({
    code: 'LOCAL_ONLY_FAILURES',
    message:
      '--onlyFailures is not for run --local: all nodes share the cache of this machine, so each would run every failure.',
    remedy: 'Run the failures in one go: npx jest --onlyFailures',
  });
}

function sequentialQueue(source: string): DistributedError {
  return new DistributedError({
    code: 'LOCAL_QUEUE_SEQUENTIAL',
    message: `--sequential runs one node after the other, and the first of them would pull everything from the queue (from ${source}).`,
    remedy: 'Leave one of the two out.',
  });
}

/** Plans with the workers that the nodes will have, and begins a store that is named but not there yet. */
function withLocalOptions(session: PlanningSession, workers: number, hasStore: boolean): PlanningSession {
  const { timings, ...options } = session.options;
  const source = 'run --local';
  return {
    ...session,
    options: { ...options, timings: hasStore ? timings : undefined, workers: { value: workers, source } },
  };
}

function queueOpening({ nodes }: Plan, notice: string | null, terminal: Terminal): string[] {
  const items = nodes.flatMap((node) => node.items);
  const what = `${countOf(nodes.length, 'node')} ${nodes.length === 1 ? 'pulls' : 'pull'} from one queue of ${countOf(countFiles(items), 'file')} on this machine`;
  return [what, ...(notice === null ? [] : [notice])].flatMap((text) => noticeLines(text, terminal));
}

/** Runs all nodes on this machine, then merges and proves. @returns the exit code of the whole. */
export async function runLocally(argv: ArgumentsCamelCase, jestArgs: readonly string[]): Promise<number> {
  refuseOnlyFailures(jestArgs);
  const isSequential = argv.sequential === true;
  const opened = await openPlanningSession(argv, jestArgs);
  requireNodes(opened, 'run --local');
  const isQueued = argv.queue === true || opened.options.databaseUrl !== undefined;
  if (isQueued && isSequential) throw sequentialQueue(opened.options.databaseUrl?.source ?? '--queue');
  const { args: nodeArgs, workers } = withWorkers(jestArgs, opened, isSequential ? 1 : opened.identity.nodes);
  const store = opened.options.timings?.value ?? defaultTimings(opened.folders);
  const session = withLocalOptions(opened, workers, existsSync(store));
  const planned: PlannedRun = await planSession(session, true);
  const { plan } = planned;
  const { folders } = session;
  const { projectDir } = folders;
  // With -u every node also removes snapshot files whose test file is gone, and the second one would not find them. The
  // nodes of a queue refuse it by themselves.
  const sharesSnapshots = updatesSnapshots(jestArgs) || (isSplitOverNodes(plan) && mayWriteSnapshots(jestArgs));
  const mustTakeTurns = !isQueued && !isSequential && sharesSnapshots;
  const terminal = detectTerminal(process.stderr, process.env);
  const opening = isQueued
    ? queueOpening(plan, localQueueNotice(projectDir, session.options), terminal)
    : planTable(plan, terminal, { notes: planNotes(session, planned) });
  process.stderr.write(`${opening.join('\n')}\n\n`);

  if (mustTakeTurns) {
    process.stderr.write(
      'jest-distributed: nodes run one after the other, because several may write or\n' +
        '  remove one snapshot file here. With --ci and without -u they run at once.\n\n',
    );
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'jest-distributed-'));
  const local = isQueued ? await openRunQueue(projectDir, session.options) : undefined;
  try {
    // Kept: the command that repeats a node names it.
    const planPath = path.join(projectDir, '.jest-distributed', 'plan.json');
    await mkdir(path.dirname(planPath), { recursive: true });
    await writeFile(planPath, JSON.stringify(plan));
    const reportDir = path.join(folder, 'report');
    const runId = local?.build ?? LOCAL_RUN_ID;
    const result = await runNodes({
      ...{ planPath, plan, isSequential: isSequential || mustTakeTurns },
      // Blobs of this run alone: another number of nodes may have left others in the project's own folder.
      flags: [...sharedFlags(argv), '--report-dir', reportDir, '--run-id', runId],
      jestArgs: nodeArgs,
      queueVariables: local?.variables ?? null,
      display: openDisplay(process.stderr, terminal, isQueued ? plan.nodes.flatMap(({ items }) => items).length : null),
    });
    const verdicts = result.records.map((record) => verdictOf(plan, record, local !== undefined));
    if (result.stoppedBy !== undefined) return tellStopped(verdicts, result, terminal);
    const problems = tellTroubles(result.records, verdicts);
    const gathered = gatherRun([reportDir], {
      runId,
      ...(local === undefined && { expectNodes: plan.nodes.length }),
    });
    const run = local === undefined ? gathered : await confirmBy(local.queue, gathered, local.served);
    return await concludeRun(run, {
      ...{ folders, jestArgs, problems },
      page: path.join(projectDir, DEFAULT_PAGE_PATH),
      store,
    });
  } finally {
    await local?.close();
    await rm(folder, { recursive: true, force: true });
  }
}
