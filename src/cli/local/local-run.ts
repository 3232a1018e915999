/**
 * `run --local`: all nodes on this machine, one plan, one verdict.
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DistributedError } from '../../errors';
import { listBlobs } from '../../files/blob-list';
import type { Folders } from '../../files/folders';
import { describeJob } from '../../files/job';
import { type GatheredRun, gatherRun } from '../../files/load-run';
import { exitCodeOf } from '../../files/processes';
import { stderrTerminal } from '../../files/standard-terminals';
import type { PlannedRun } from '../../jest/planning/planning';
import { defaultTimings } from '../../jest/planning/timings-source';
import { createRerunCheck, readRerun, rerunProblems } from '../../jest/record/rerun-tests';
import { offerRunSetups } from '../../jest/workers/run-setups';
import { idleQueueVariables } from '../../options/queue-only';
import { resolveDisabled, resolveOptions } from '../../options/resolve';
import { fileKey } from '../../plan/item';
import type { Plan } from '../../plan/plan';
import { listNodes } from '../../proof/finding';
import type { Queue } from '../../queue/queue';
import { nothingRanText } from '../../reports/node/nothing-ran';
import { noticeLines } from '../../reports/node/share-lines';
import { countFiles, planTable } from '../../reports/plan/plan-table';
import { type NodeVerdict, problemOf } from '../../reports/run-report/verdict';
import { verdictLines } from '../../reports/run-report/verdict-lines';
import { countOf } from '../../reports/terminal/format';
import { colorsOf, type Terminal } from '../../reports/terminal/terminal';
import type { Arguments } from '../command-line/command';
import { plainJest } from '../command-line/same-command';
import { localQueueNotice, openRunQueue } from '../database/local-queue';
import { eachRecord } from '../merging/each-record';
import { concludeRun } from '../merging/finish-merge';
import { withCommands } from '../merging/merge-command';
import { DEFAULT_PAGE_PATH } from '../merging/merge-outputs';
import { compareWithQueue } from '../merging/verify-with-queue';
import { planNotes } from '../planning/plan-notes';
import { openPlanningSession, type PlanningSession, planSession, requireNodes } from '../planning/planning-session';
import { type Fleet, watchRun } from './fleet';
import { type KeptResults, keepResults, withKeptResults } from './kept-results';
import { type LiveDisplay, openDisplay } from './live-display';
import { makeLocalFolder } from './local-folder';
import { startNode } from './local-node';
import { type LocalResult, type NodeRecord, runNodes, verdictOf, withWorkers } from './local-nodes';
import { flagsForNodes, refuseNodeOptions, variablesForNodes } from './local-options';
import { showOutputs } from './node-output';
import { openRunDashboard, type RunDashboard } from './run-dashboard';
import { checkQueue, runHere } from './run-here';

const LOCAL_RUN_ID = 'local';

/** Why a node ended badly although no test of it failed: the replay cannot know. */
function troublesOf(records: readonly NodeRecord[], verdicts: readonly NodeVerdict[], isUnfinished: boolean): string[] {
  return verdicts.flatMap((verdict, index) => {
    const problem = verdict.lost !== undefined && !isUnfinished ? null : problemOf(verdict);
    const hasFailures = records[index]?.files.some(({ ok }) => !ok) ?? false;
    return problem === null || (verdict.signal === null && hasFailures) ? [] : [`node ${verdict.node} ${problem}`];
  });
}

/** Nodes whose files others have run: no fault of the tests, but worth knowing. */
function reportLost(verdicts: readonly NodeVerdict[], fleet: Fleet | undefined, terminal: Terminal): void {
  for (const { node, lost } of verdicts) {
    if (lost === undefined) continue;
    const text = `warning: node ${node} (${fleet?.nameOf(node)}) ${lost}; the other nodes ran everything`;
    process.stderr.write(`\n${noticeLines(text, terminal).map(colorsOf(terminal).yellow).join('\n')}\n`);
  }
}

function reportLeftOpen(records: readonly NodeRecord[], terminal: Terminal): void {
  const nodes = records.filter(({ hasLeftOpen }) => hasLeftOpen).map(({ node }) => node);
  if (nodes.length === 0) return;
  const text = `${listNodes(nodes)} did not end after the last test and ${nodes.length === 1 ? 'was' : 'were'} ended here: the tests left something open; jest --detectOpenHandles finds it`;
  process.stderr.write(`\n${noticeLines(text, terminal).join('\n')}\n`);
}

/** No blob is there: what matters is how the nodes ended, not that there is nothing to read. */
function reportNothingRan(verdicts: readonly NodeVerdict[], terminal: Terminal): number {
  const lines = noticeLines(nothingRanText(verdicts), terminal);
  process.stderr.write(`\n${lines.map(colorsOf(terminal).red).join('\n')}\n`);
  return 1;
}

function reportStopped(
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

/** Tests of `--failed-of` that ran on no node. */
function notRunAgain(run: GatheredRun, folders: Folders): string[] {
  const tests = readRerun();
  if (tests.length === 0) return [];
  const check = createRerunCheck(tests);
  eachRecord(run, folders, ({ file, result }) => check.see(file, result.testResults));
  return check.missing(() => true);
}

const updatesSnapshots = (jestArgs: readonly string[]): boolean =>
  jestArgs.some((arg) => ['-u', '--updateSnapshot', '--update-snapshot'].includes(arg));

/** As Jest decides it: `--ci` (the default in a CI) writes none, unless they are to be updated. */
function mayWriteSnapshots(jestArgs: readonly string[]): boolean {
  const has = (...names: string[]) => jestArgs.some((arg) => names.includes(arg));
  const isCi = Boolean(process.env.CI) && !has('--no-ci', '--ci=false');
  return !(isCi || has('--ci', '--ci=true'));
}

/** What cannot mean the same for several nodes of one machine. */
function refuseJestArguments(jestArgs: readonly string[]): void {
  if (jestArgs.some((arg) => /^(-f|--onlyFailures|--only-failures)$/.test(arg))) {
    // They come from this machine's cache and are not placed.
    throw new DistributedError({
      code: 'LOCAL_ONLY_FAILURES',
      message:
        '--onlyFailures does not work with run --local: all nodes share the cache of this machine, so each would run every failure.',
      remedy: `Run the failures in one go: ${plainJest(jestArgs)}`,
    });
  }
  const watch = jestArgs.find((arg) => /^--watch(-?all)?$/i.test(arg));
  if (watch === undefined) return;
  throw new DistributedError({
    code: 'LOCAL_WATCH',
    message: `${watch} does not work with run --local: its nodes have no terminal.`,
    remedy: `Watch with one Jest: ${plainJest(jestArgs)}`,
  });
}

function sequentialQueue(source: string): DistributedError {
  return new DistributedError({
    code: 'LOCAL_QUEUE_SEQUENTIAL',
    message: `--sequential runs one node after the other, and the first of them would take everything from the queue (from ${source}).`,
    remedy: 'Remove one of the two.',
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

function queueOpening({ nodes }: Plan, fleet: Fleet | undefined, notice: string | null, terminal: Terminal): string[] {
  const files = countOf(countFiles(nodes.flatMap((node) => node.items)), 'file');
  const what =
    fleet?.opening(files) ??
    `${countOf(nodes.length, 'node')} ${nodes.length === 1 ? 'pulls' : 'pull'} from one queue of ${files} on this machine`;
  return [what, ...(notice === null ? [] : [notice])].flatMap((text) => noticeLines(text, terminal));
}

function planOpening(session: PlanningSession, planned: PlannedRun, terminal: Terminal): string[] {
  const { nothing } = session.collected;
  if (nothing !== null) return noticeLines(`there is nothing to run: ${nothing}`, terminal);
  const idle = idleQueueVariables(session.options);
  return planTable(planned.plan, terminal, {
    notes: [...(idle === null ? [] : [idle]), ...planNotes(session, planned)],
  });
}

/** What is shown here, on the pages of `--ui` too. */
function withPages(display: LiveDisplay, ui: RunDashboard | undefined): LiveDisplay {
  if (ui === undefined) return display;
  process.stderr.write(`jest-distributed: this run in a browser: ${ui.address}\n\n`);
  return {
    ...display,
    show: (event) => {
      display.show(event);
      ui.publish(event);
    },
  };
}

/**
 * Runs all nodes on this machine, then merges and proves.
 *
 * @param fleet where the nodes run, if not here.
 * @returns the exit code of the whole; undefined where the package is switched off, so that Jest runs in this process.
 */
export async function runLocally(
  argv: Arguments,
  jestArgs: readonly string[],
  fleet?: Fleet,
): Promise<number | undefined> {
  // Everything once, by one Jest, is what "disabled" says.
  if (resolveDisabled({ flags: argv, environment: process.env }).value) return runHere(argv, jestArgs);
  refuseNodeOptions(argv, process.env);
  refuseJestArguments(jestArgs);
  await checkQueue(resolveOptions({ flags: argv, environment: process.env }), jestArgs);
  const isSequential = argv.sequential === true;
  const opened = await openPlanningSession(fleet ? { ...argv, nodes: String(fleet.nodes) } : argv, jestArgs);
  if (opened.options.disabled.value) return runHere(argv, jestArgs);
  requireNodes(opened, argv);
  const isNothing = opened.collected.nothing !== null;
  const isPulled = fleet !== undefined || argv.queue === true || opened.options.databaseUrl !== undefined;
  const isQueued = !isNothing && isPulled;
  if (isQueued && isSequential) throw sequentialQueue(opened.options.databaseUrl?.source ?? '--queue');
  const { args: nodeArgs, workers } = fleet
    ? { args: jestArgs, workers: fleet.workers }
    : withWorkers(jestArgs, opened, isSequential ? 1 : opened.identity.nodes);
  const store = opened.options.timings?.value ?? defaultTimings(opened.folders);
  const session = withLocalOptions(opened, workers, existsSync(store));
  const planned: PlannedRun = await planSession(session, true);
  await fleet?.ready;
  const { plan } = planned;
  const { folders } = session;
  const { projectDir } = folders;
  // With -u every node also removes snapshot files whose test file is gone, and the second one would not find them. The
  // nodes of a queue refuse it by themselves.
  const sharesSnapshots = updatesSnapshots(jestArgs) || (isSplitOverNodes(plan) && mayWriteSnapshots(jestArgs));
  const mustTakeTurns = !isQueued && !isSequential && sharesSnapshots;
  const terminal = stderrTerminal();
  const opening = isQueued
    ? queueOpening(plan, fleet, localQueueNotice(projectDir, session.options), terminal)
    : planOpening(session, planned, terminal);
  process.stderr.write(`${opening.join('\n')}\n\n`);

  if (mustTakeTurns) {
    process.stderr.write(
      'jest-distributed: the nodes run one after the other, because they could write\n' +
        '  the same snapshot file. With --ci and without -u they run in parallel.\n\n',
    );
  }
  const folder = makeLocalFolder(projectDir);
  const { planPath, reportDir, logOf } = folder;
  let watched: ReturnType<typeof watchRun> | undefined;
  let kept: KeptResults | undefined;
  const watch = (queue: Queue): Queue => {
    kept = keepResults(queue, path.join(folder.path, 'kept'));
    watched = watchRun(kept.queue);
    return watched.queue;
  };
  const local = isQueued ? await openRunQueue(projectDir, session.options, fleet && watch) : undefined;
  // From here on whatever fails: what listens keeps this process alive.
  let ui: RunDashboard | undefined;
  try {
    const runId = local?.runId ?? LOCAL_RUN_ID;
    const label = session.options.label?.value;
    const job = await describeJob(folders, label ?? null);
    if (argv.ui === true) ui = await openRunDashboard({ runId, label: label ?? null, job, folders });
    const display = withPages(openDisplay(process.stderr, process.env), ui);
    const setups = offerRunSetups({
      ...{ options: session.options, projectDir, nodes: plan.nodes.length, token: folder.path },
      job,
    });
    await writeFile(planPath, JSON.stringify(plan));
    const result = await runNodes({
      // As a person would name it: the command that repeats a node does.
      planPath: path.relative(process.cwd(), planPath),
      ...{ plan, isQueued, logOf, isSequential: isSequential || mustTakeTurns },
      // Blobs of this run alone: another number of nodes may have left others in the project's own folder.
      flags: [...flagsForNodes(argv), '--run-id', runId],
      reportDir,
      variables: { ...variablesForNodes(process.env), ...local?.variables, ...setups.variables },
      jestArgs: nodeArgs,
      workers,
      display,
      nameOf: fleet && ((node) => `${node} (${fleet.nameOf(node)})`),
      start:
        fleet?.begin({
          ...{ plan, options: session.options, rootDir: folders.rootDir, display },
          writesSnapshots: updatesSnapshots(jestArgs) || mayWriteSnapshots(jestArgs),
          socketPath: local?.socketPath ?? '',
          isOver: async () => (await watched?.isOver()) ?? true,
        }) ?? startNode,
    });
    const leftBehind = setups.end();
    for (const { text } of leftBehind) process.stderr.write(`\n${text}\n`);
    const verdicts = result.records.map((record) => verdictOf(plan, record, isQueued));
    if (result.stoppedBy !== undefined) return reportStopped(verdicts, result, terminal);
    const outputs = verdicts.map(({ node }) => ({ node, log: logOf(node) }));
    await showOutputs(process.stderr, outputs, session.collected.verbose);
    reportLeftOpen(result.records, terminal);
    if (listBlobs([reportDir]).files.length === 0) return reportNothingRan(verdicts, terminal);
    const expectations = { runId, ...(!isQueued && { expectNodes: plan.nodes.length }) };
    const found = gatherRun([reportDir], expectations);
    const recovered = path.join(folder.path, 'recovered');
    const gathered = kept ? await withKeptResults(found, kept, { reportDir, folder: recovered, expectations }) : found;
    const places = [reportDir, ...(existsSync(recovered) ? [recovered] : [])];
    const flags = { label, ...(!isQueued && { 'expect-nodes': String(plan.nodes.length) }) };
    const isUnfinished = fleet !== undefined && (await watched?.isOver()) === false;
    if (!isUnfinished) reportLost(verdicts, fleet, terminal);
    const run = local === undefined ? gathered : await compareWithQueue(local.queue, gathered, local.served);
    // What comes next is Jest's.
    process.stderr.write('\n');
    return await concludeRun(withCommands(run, { places, flags: { ...flags, 'run-id': runId }, jestArgs }), {
      ...{
        folders,
        jestArgs,
        problems: [
          ...rerunProblems(notRunAgain(run, folders)),
          ...troublesOf(result.records, verdicts, isUnfinished),
          ...leftBehind.map(({ fact }) => fact),
        ],
      },
      page: path.join(projectDir, DEFAULT_PAGE_PATH),
      store,
    });
  } finally {
    await ui?.close();
    await local?.close();
  }
}
