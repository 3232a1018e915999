/**
 * `run --local`: all nodes on this machine, one plan, one verdict.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ArgumentsCamelCase } from 'yargs';
import { gatherRun } from '../files/blob-gather';
import { DEFAULT_TIMINGS_PATH } from '../jest/knowledge';
import type { PlannedRun } from '../jest/planning';
import type { Plan } from '../plan/plan';
import { planTable } from '../reports/plan-table';
import { detectTerminal, type Terminal } from '../reports/terminal';
import { type NodeVerdict, problemOf } from '../reports/verdict';
import { verdictLines } from '../reports/verdict-lines';
import { concludeRun } from './conclude';
import { openDisplay } from './live-display';
import { type LocalResult, type NodeRecord, runNodes, sharedFlags, verdictOf, withWorkers } from './local-nodes';
import { DEFAULT_PAGE_PATH } from './merged-run';
import { planNotes } from './plan-notes';
import { openPlanningSession, type PlanningSession, planSession, requireNodes } from './planning-session';

const LOCAL_RUN_ID = 'local';
const SIGNAL_EXIT: Partial<Record<NodeJS.Signals, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

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

function tellStopped(plan: Plan, { records, durationMs, stoppedBy }: LocalResult, terminal: Terminal): number {
  const nodes = records.map((record) => verdictOf(plan, record));
  const view = { nodes, durationMs, problems: [`stopped by ${stoppedBy}`] };
  process.stderr.write(`\n${verdictLines(view, terminal).join('\n')}\n`);
  return SIGNAL_EXIT[stoppedBy as NodeJS.Signals] ?? 1;
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

/** Runs all nodes on this machine, then merges and proves. @returns the exit code of the whole. */
export async function runLocally(argv: ArgumentsCamelCase, jestArgs: readonly string[]): Promise<number> {
  const isSequential = argv.sequential === true;
  const opened = await openPlanningSession(argv, jestArgs);
  requireNodes(opened, 'run --local');
  const { args: nodeArgs, workers } = withWorkers(jestArgs, opened, isSequential ? 1 : opened.identity.nodes);
  const store = path.resolve(opened.collected.root, opened.options.timings?.value ?? DEFAULT_TIMINGS_PATH);
  const session = withLocalOptions(opened, workers, existsSync(store));
  const planned: PlannedRun = await planSession(session, true);
  const { plan } = planned;
  const { root } = session.collected;
  const terminal = detectTerminal(process.stderr, process.env);
  process.stderr.write(`${planTable(plan, terminal, { notes: planNotes(session, planned) }).join('\n')}\n\n`);

  const folder = await mkdtemp(path.join(tmpdir(), 'jest-distributed-'));
  try {
    const planPath = path.join(folder, 'plan.json');
    await writeFile(planPath, JSON.stringify(plan));
    const reportDir = path.join(folder, 'report');
    const result = await runNodes({
      ...{ planPath, plan, isSequential },
      // Blobs of this run alone: another number of nodes may have left others in the project's own folder.
      flags: [...sharedFlags(argv), '--report-dir', reportDir, '--run-id', LOCAL_RUN_ID],
      jestArgs: nodeArgs,
      display: openDisplay(process.stderr, terminal),
    });
    if (result.stoppedBy !== undefined) return tellStopped(plan, result, terminal);
    const verdicts = result.records.map((record) => verdictOf(plan, record));
    const problems = tellTroubles(result.records, verdicts);
    return await concludeRun(gatherRun([reportDir], { expectNodes: plan.nodes.length }), {
      ...{ root, jestArgs, problems },
      page: path.join(root, DEFAULT_PAGE_PATH),
      store,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
