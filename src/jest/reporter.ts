/**
 * The reporter: at the start what each node was assigned, at the end what this node ran against that.
 *
 * It never throws: a reporter that throws in band loses the result at hand and blames the next file for it.
 */
import { performance } from 'node:perf_hooks';
import { itemName, keyName } from '../blob/item-name';
import { shownPath } from '../files/folders';
import { stderrTerminal } from '../files/standard-terminals';
import { refuseReporterOptions } from '../options/reporter-options';
import { fileKey, fileName, type TestFile } from '../plan/item';
import { type NameMatches, watchNames } from '../plan/name-pattern';
import type { Plan } from '../plan/plan';
import type { RunningItem } from '../reports/live/events';
import { type EndView, endLines } from '../reports/node/end-lines';
import { type QueueEndView, queueEndLines } from '../reports/node/queue-end-lines';
import { noticeLines } from '../reports/node/share-lines';
import { startLines } from '../reports/node/start-lines';
import { plannedMsOf } from '../reports/plan/node-time';
import { repeatCommands } from '../reports/run-report/reproduce-failures';
import { type NamedCommand, repeatLines } from '../reports/terminal/command-lines';
import { repeatQueueNode, repeatShare } from '../shell/reproduce-share';
import type { TestToRepeat } from '../shell/reproduce-tests';
import { isLocalNode, openProgress } from './channels/progress';
import { trustStderr } from './channels/stderr';
import { lendTotals } from './host/file-total';
import type { JestAggregatedResult, JestGlobalConfig, JestTest, JestTestResult } from './host/jest-types';
import { checkRunningJest } from './host/resolve-jest';
import { refuseEarlyExit } from './planning/early-exit';
import { noticeLinesOf, printLines, printNotice, shareLinesOf } from './planning/print-share';
import { type RunState, readRunState } from './planning/run-state';
import { type ItemTry, onItemTry, type QueueRun, readQueueRun } from './queue/published-run';
import { skipUntestedFiles } from './record/coverage-settings';
import { followFailures } from './record/first-failure';
import { haveAllReported, type NodeBlob, openNodeBlob } from './record/node-blob';
import { createNodeQuarantine, type NodeQuarantine } from './record/node-quarantine';
import { endRedFor, guarded } from './record/own-faults';
import { createRerunCheck, type RerunCheck, readRerun, rerunProblems } from './record/rerun-tests';
import { followRunning } from './record/running-files';
import { createTestEvents, type TestEvents } from './record/test-events';
import { onAbsentFile } from './split/selection/absent-files';
import { RECORD_PROPERTY } from './split/selection/filter-results';
import { readPart } from './split/selection/part-tag';
import { readSplitRecord } from './split/selection/selection-record';

type TestCase = JestTestResult['testResults'][number];

interface FileOutcome {
  readonly file: TestFile;
  readonly ok: boolean;
}

/** Failed tests that a command may name. */
const MOST_REPEATED = 200;

/** Its failed tests; the file itself where it failed without one. */
function failuresOf(file: TestFile, result: JestTestResult): TestToRepeat[] {
  const failed = result.testResults.filter(({ status }) => status === 'failed');
  return failed.length === 0 || result.testExecError
    ? [{ file, name: null }]
    : failed.map(({ fullName }) => ({ file, name: fullName }));
}

class DistributedReporter {
  readonly #globalConfig: JestGlobalConfig;
  readonly #sendProgress = openProgress();
  /** For the parent of this node, or for its own log. */
  #testEvents: TestEvents | undefined;
  /** Its parent prints all of that for the whole. */
  readonly #isQuiet = isLocalNode();
  #outcomes: FileOutcome[] = [];
  #isComplete = false;
  /** The first ones. */
  #failed: TestToRepeat[] = [];
  #failures = 0;
  #blob: NodeBlob | undefined;
  #quarantine: NodeQuarantine | undefined;
  #rerun: RerunCheck | undefined;
  /** Undefined where tests are not chosen by name. */
  #names: NameMatches | undefined;
  #runStartedAt = 0;
  #running = followRunning();
  #allowExit = (): void => undefined;

  constructor(globalConfig: JestGlobalConfig, options?: unknown) {
    // A constructor may throw, and Jest then starts no test.
    refuseReporterOptions(options);
    checkRunningJest();
    this.#globalConfig = globalConfig;
  }

  async onRunStart(results: JestAggregatedResult): Promise<void> {
    // Jest ends at once where a reporter throws here, and no test has run.
    await guarded('the reporter could not begin', () => this.#begin(results));
  }

  async #begin(results: JestAggregatedResult): Promise<void> {
    trustStderr();
    this.#outcomes = [];
    this.#failed = [];
    this.#failures = 0;
    this.#running.stop();
    this.#runStartedAt = performance.now();
    const state = readRunState();
    if (state === undefined) return;
    // The stand-in that keeps an empty list from being "No tests found" is not a file.
    if (state.share.length === 0) results.numTotalTestSuites = 0;
    lendTotals(results);
    this.#followRunning(state);
    this.#refuseExit(state, results);
    this.#quarantine = createNodeQuarantine(state, this.#globalConfig);
    const { testNamePattern } = this.#globalConfig;
    this.#names = testNamePattern ? watchNames(testNamePattern) : undefined;
    const rerun = readRerun();
    this.#rerun = rerun.length === 0 ? undefined : createRerunCheck(rerun);
    onAbsentFile((test, result) => this.#absentFile(test, result));
    onItemTry((test, result, tried) => this.#itemTry(test, result, tried));
    // Each by itself: a table that cannot be drawn must not keep the results out of the blob.
    await guarded('the shares could not be printed', () => {
      if (!this.#isQuiet) printLines(this.#startText(state));
    });
    this.#testEvents = this.#isQuiet ? createTestEvents(this.#sendProgress) : followFailures(state, this.#globalConfig);
    this.#sendProgress({
      kind: 'node-ready',
      files: state.mode.kind === 'queue' ? null : state.share.length,
      repeat: state.repeat,
    });
    this.#blob = await openNodeBlob(
      state,
      this.#globalConfig,
      results,
      () => this.#running.names(),
      (test, result) => this.#readRecord(state, test, result),
    );
  }

  onTestFileStart(test: JestTest): void {
    guard(() => this.#blob?.fileStart(test));
    guard(() => this.#startFile(test));
  }

  onTestCaseStart(test: JestTest, info: unknown): void {
    guard(() => this.#blob?.caseStart(test, info));
  }

  onTestCaseResult(test: JestTest, testCase: unknown): void {
    guard(() => this.#blob?.caseResult(test, testCase));
    // What is in quarantine is no news until its file has ended, and decides nothing then.
    guard(() => {
      if (this.#quarantine?.names(test, (testCase as TestCase).fullName)) return;
      this.#follow(test, (events, item) => events.caseResult(item, testCase as TestCase));
    });
  }

  #follow(test: JestTest, report: (events: TestEvents, item: RunningItem) => void): void {
    const item = this.#testEvents && runningItem(test);
    if (this.#testEvents !== undefined && item !== undefined) report(this.#testEvents, item);
  }

  #startFile(test: JestTest): void {
    const item = runningItem(test);
    if (item === undefined) return;
    this.#running.start(itemName(item.file, item.part));
    if (this.#isQuiet) this.#sendProgress({ kind: 'file-started', ...item });
  }

  #endFile(test: JestTest): void {
    const item = runningItem(test);
    if (item !== undefined) this.#running.end(itemName(item.file, item.part));
  }

  /** On a terminal Jest itself shows what runs, and the parent of a quiet node prints it of all. */
  #followRunning({ mode }: RunState): void {
    const isNode = mode.kind !== 'disabled' && mode.kind !== 'watch';
    const prints = isNode && !this.#isQuiet && !stderrTerminal().interactive;
    this.#running = followRunning(prints ? { onSilence: printNotice } : {});
  }

  /** The queue's runner does it for what it hands out. */
  #refuseExit(state: RunState, results: JestAggregatedResult): void {
    const { mode, identity } = state;
    if (mode.kind !== 'share' && mode.kind !== 'local-failures') return;
    this.#allowExit = refuseEarlyExit({
      who: identity.nodes === 1 ? 'this process' : `the process of node ${identity.number} of ${identity.nodes}`,
      before: 'all its files had run',
      running: () => this.#running.names(),
      // A reporter of the project may end the process at the end of the run.
      isOver: () => haveAllReported(state, results),
    });
  }

  onTestFileResult(test: JestTest, result: JestTestResult, totals?: JestAggregatedResult): void {
    guard(() => this.#endFile(test));
    // Before all else: Jest asks its counts right after its reporters whether to go on.
    guard(() => this.#quarantine?.takeOut(test, result, totals));
    guard(() => {
      const state = readRunState();
      const file = state?.fileOf(test);
      if (state === undefined || file === undefined) return;
      // Each by itself: what one of them meets must not keep the result out of the blob.
      guard(() => this.#attachRecord(state, test, result));
      guard(() => this.#blob?.fileResult(test, result));
      guard(() => this.#rerun?.see(file, result.testResults));
      for (const { fullName } of result.testResults) this.#names?.see(fullName);
      this.#countFile(file, test, result);
    });
  }

  #countFile(file: TestFile, test: JestTest, result: JestTestResult): void {
    const decisive = this.#quarantine?.withoutHeld(test, result) ?? result;
    const { numFailingTests } = decisive;
    const ok = numFailingTests === 0 && !result.testExecError;
    this.#outcomes.push({ file, ok });
    guard(() => this.#follow(test, (events, item) => events.fileResult(item, decisive)));
    if (!ok) guard(() => this.#addFailures(failuresOf(file, decisive)));
  }

  #addFailures(failures: readonly TestToRepeat[]): void {
    this.#failures += failures.length;
    this.#failed.push(...failures.slice(0, MOST_REPEATED - this.#failed.length));
  }

  /** The queue sent its file on, or has taken another result. */
  #itemTry(test: JestTest, result: JestTestResult, tried: ItemTry): void {
    guard(() => this.#endFile(test));
    guard(() => this.#blob?.tryResult(test, result, tried));
    guard(() => this.#follow(test, (events, item) => events.fileWithdrawn(item, result)));
  }

  /** Other reporters do not get a file of which no test is this node's, but the proof needs what it declares. */
  #absentFile(test: JestTest, result: JestTestResult): void {
    this.#startFile(test);
    this.onTestFileResult(test, result);
  }

  /** The record of what was selected, where the set-up file could not put it on the result itself. */
  #attachRecord(state: RunState, test: JestTest, result: JestTestResult): void {
    const record = this.#readRecord(state, test, result);
    // Without one the file ran whole: the sequencer, which is there with or without a reporter, fails the run for it.
    if (record === undefined) return;
    Object.assign(result, { [RECORD_PROPERTY]: record });
    // Jest fails a file without results, so the test runner left one that stands for nothing; Jest has counted now.
    if (record.empty) (result.testResults as unknown[]).length = 0;
  }

  #readRecord({ splitting, fileOf }: RunState, test: JestTest, result: JestTestResult) {
    const file = fileOf(test);
    if (splitting === null || file === undefined || !splitting.files.has(fileKey(file))) return undefined;
    return readSplitRecord(result, test, splitting.selectionFile);
  }

  async onRunComplete(_contexts: unknown, results: JestAggregatedResult): Promise<void> {
    // With --bail Jest calls this for the failure, and again at the end of the run if that was its last file.
    if (this.#isComplete) return;
    this.#isComplete = true;
    this.#allowExit();
    this.#running.stop();
    // Jest's own summary comes after this, and the blob is to hold why this node is red.
    await guarded('the tests to run again could not be checked', () => this.#checkRerun());
    await guarded("this node's blob could not be completed", () => this.#blob?.end(results));
    await guarded('the summary of this node could not be printed', () => this.#printEnd(results));
    await guarded('the quarantine could not be checked', () => this.#quarantine?.end(this.#isQuiet));
  }

  /** Of whole files that are this node's; of a file in parts, and of a queue, only all nodes together know. */
  #checkRerun(): void {
    if (this.#rerun === undefined) return;
    const state = readRunState();
    if (state === undefined || state.mode.kind !== 'share' || this.#isQuiet) return;
    const found = new Set(state.found.map((file) => fileKey(file)));
    const own = new Set(state.share.map((file) => fileKey(file)));
    const isOurs = (file: TestFile) => {
      const key = fileKey(file);
      return !found.has(key) || (own.has(key) && !state.splitting?.files.has(key));
    };
    const problems = rerunProblems(this.#rerun.missing(isOurs));
    printLines(problems.flatMap((text) => noticeLines(text, stderrTerminal())));
    endRedFor(problems);
  }

  #printEnd(results: JestAggregatedResult): void {
    const state = readRunState();
    if (state === undefined) return;
    skipUntestedFiles(this.#globalConfig);
    if (this.#isQuiet) return;
    const terminal = stderrTerminal();
    const queueRun = state.mode.kind === 'queue' ? readQueueRun() : undefined;
    if (queueRun !== undefined) {
      printLines(queueEndLines(this.#queueEndView(queueRun, results), terminal));
      printLines(repeatLines([...this.#repeats(state), ...repeatInherited(state, queueRun)], terminal));
    }
    if (state.mode.kind === 'share' && state.found.length > 0) {
      printLines(endLines(this.#endView(state, state.mode.plan, results), terminal));
    }
    // Of several nodes another one may have the test, and one that has none is no mistake.
    const isAlone = state.identity.nodes === 1 && state.mode.kind !== 'queue';
    const unmatched = this.#names?.unmatched(isAlone ? 'test' : 'test of this node') ?? null;
    if (unmatched !== null) printNotice(isAlone ? `warning: ${unmatched}` : unmatched);
  }

  #startText(state: RunState): string[] {
    const { mode, identity, share } = state;
    if (mode.kind !== 'share' || identity.nodes === 1 || share.length === 0)
      return shareLinesOf(state, this.#globalConfig);
    const terminal = stderrTerminal();
    const testsPerNode = state.testsPerNode();
    const start = startLines(mode.plan, { node: identity.number, nodes: identity.nodes }, terminal, { testsPerNode });
    return [...noticeLinesOf(state), ...start];
  }

  #queueEndView(run: QueueRun, results: JestAggregatedResult): QueueEndView {
    const {
      accepted,
      acceptedParts,
      inherited,
      retried,
      failedAgain,
      superseded,
      flaky,
      finished,
      finishedAgoMs,
      failedElsewhere,
      cancelledBy,
      runId,
      node,
      found,
    } = run;
    return {
      ...{ runId, node, found, accepted, acceptedParts, finished, finishedAgoMs, failedElsewhere, cancelledBy },
      inherited: inherited.map(keyName),
      failed: this.#outcomes.filter(({ ok }) => !ok).length - inherited.length,
      tests: {
        passed: results.numPassedTests,
        failed: results.numFailedTests,
        skipped: results.numPendingTests + results.numTodoTests,
      },
      realMs: performance.now() - this.#runStartedAt,
      retried: [...new Set(retried)].filter((key) => !flaky.includes(key) && !failedAgain.includes(key)).map(keyName),
      failedAgain: failedAgain.map(keyName),
      superseded: superseded.map(keyName),
      flaky: flaky.map((key) => ({ name: keyName(key), error: run.firstErrors.get(key) ?? null })),
    };
  }

  #endView(state: RunState, plan: Plan, results: JestAggregatedResult): EndView {
    const { identity, share } = state;
    const planned = plan.nodes[identity.number - 1];
    const ran = new Set(this.#outcomes.map(({ file }) => file));
    const notRun = share.filter((file) => !ran.has(file)).map(fileName);
    const failed = this.#outcomes.filter(({ ok }) => !ok).length;
    const cause = results.wasInterrupted ? 'interrupted' : this.#globalConfig.bail ? 'stopped by --bail' : undefined;
    return {
      node: identity.number,
      nodes: identity.nodes,
      filesPlanned: share.length,
      filesRun: this.#outcomes.length,
      filesFailed: failed,
      tests: {
        passed: results.numPassedTests,
        failed: results.numFailedTests,
        skipped: results.numPendingTests + results.numTodoTests,
      },
      plannedMs: planned === undefined ? null : plannedMsOf(plan, planned),
      realMs: performance.now() - this.#runStartedAt,
      notRun,
      ...(notRun.length > 0 && cause !== undefined && { notRunCause: cause }),
      repeats: [
        ...this.#repeats(state),
        ...(failed > 0 && identity.nodes > 1 ? [{ what: "this node's share", words: repeatOwnShare(state) }] : []),
      ],
    };
  }

  #repeats({ repeat }: RunState): readonly NamedCommand[] {
    return repeatCommands(this.#failed, this.#failures, repeat);
  }
}

/** Plain Jest would not change the run: only a new attempt puts an old failure back into the queue. */
function repeatInherited({ identity, options, repeat }: RunState, run: QueueRun): NamedCommand[] {
  if (run.inherited.length === 0) return [];
  const { databaseUrl, databaseSchema, nodeName, label } = options;
  const words = repeatQueueNode({
    ...{ runId: run.runId, node: identity.number, nodes: identity.nodes, attempt: run.nextAttempt },
    name: identity.nodes > 1 ? (nodeName?.value ?? null) : run.node,
    label: label?.value ?? null,
    schema: databaseSchema.source === 'default' ? null : databaseSchema.value,
    placing: repeat.placing,
    jestArgs: repeat.jestArgs,
  });
  const isTyped = databaseUrl?.source === '--database-url';
  return [{ what: `it in run ${run.runId}, as a new attempt${isTyped ? ' (add --database-url)' : ''}`, words }];
}

function repeatOwnShare({ mode, identity, options, repeat }: RunState): string[] {
  const plan = mode.kind === 'share' ? mode.plan : null;
  const planPath = options.plan === undefined ? null : shownPath(options.plan.value);
  return repeatShare({ node: identity.number, nodes: identity.nodes, plan, planPath, ...repeat });
}

/** What a Test stands for: a file, or the part of it that a queue handed out. */
function runningItem(test: JestTest): RunningItem | undefined {
  const state = readRunState();
  const file = state?.fileOf(test);
  if (state === undefined || file === undefined) return undefined;
  return { file, part: state.mode.kind === 'queue' ? readPart(test.context.config) : null };
}

/**
 * Objects of tests, environments and runners of others pass through here, and any of them may throw when it is looked at.
 */
const MOST_PRINTED = 20;
const printed = new Set<string>();

function guard(work: () => void): void {
  try {
    work();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    // Of ten thousand tests each may meet the same.
    if (printed.has(text) || printed.size >= MOST_PRINTED) return;
    printed.add(text);
    printLines([`jest-distributed: the reporter could not follow Jest: ${text}`]);
  }
}

export { DistributedReporter };
