/**
 * One `runTests` of the queue runner: what its workers have, and what becomes of their results.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../../blob/blob';
import { keyName } from '../../blob/item-name';
import { detailError } from '../../blob/queue-detail';
import { shownText } from '../../blob/shown-text';
import { earlierTries } from '../../blob/test-tries';
import type { AcceptedResult, Claimed, Outcome } from '../../queue/queue';
import { resultDetail } from '../../queue/result-detail';
import { reduceTotal } from '../host/file-total';
import type { JestTest, JestTestResult, JestWatcher } from '../host/jest-types';
import type { OpenRun } from '../planning/early-exit';
import { printNotice } from '../planning/print-share';
import { type ClaimLoop, createClaimLoop } from './claim-loop';
import type { JoinedRun } from './joined-run';
import type { FinishedResult } from './outcome';
import { type ItemTry, publishQueueRun, type QueueRun, reportItemTry, setItemRun } from './published-run';
import { cancelledError, retriedNotice, undrainedError, unknownItemError, waitingNotice } from './queue-errors';
import { createResultBatcher, type ResultBatcher } from './result-batcher';
import { readResultLines } from './result-lines';

/** One item that a worker has. */
interface Running {
  readonly item: Claimed;
  startedAtMs: number;
  /** The worker is free, though its result may not be reported yet. */
  readonly workerFree: () => void;
  /** Events of one run are judged once, however many listen. */
  verdict?: Promise<boolean>;
}

/** One `runTests`. */
export interface ActiveRun {
  readonly joined: JoinedRun;
  readonly claims: ClaimLoop;
  readonly results: ResultBatcher;
  /** Passes whose verdict nobody waited for. */
  readonly pending: Set<Promise<void>>;
  readonly watcher: JestWatcher;
  readonly running: Map<JestTest, Running>;
  readonly reportedFailures: Set<string>;
  /** Failed tries of tests by path of their file, until that file has its result. */
  readonly failedCases: Map<string, TestCase[]>;
  /** Files that this runner still stands for in Jest's total. */
  counted: number;
  failedTests: number;
  /** A signal ends this process. */
  isStopping: boolean;
  run: QueueRun;
}

/** What Jest reports of each try of a test. */
export interface TestCase {
  readonly fullName: string;
  readonly status: string;
}

/** Jest keeps the errors of `jest.retryTimes` on no result. */
export function addFailedTry({ failedCases }: ActiveRun, path: string, testCase: TestCase): void {
  if (testCase.status !== 'failed') return;
  const known = failedCases.get(path);
  if (known === undefined) failedCases.set(path, [testCase]);
  else known.push(testCase);
}

/** Takes what was reported of a file's tests before their last tries. */
function takeEarlier({ failedCases }: ActiveRun, path: string, { testResults }: SettledResult) {
  const failed = failedCases.get(path) ?? [];
  if (failed.length === 0) return earlierTries({ result: { testResults } });
  const names = new Set(testResults.map(({ fullName }) => fullName));
  // Another part of the file may be running too.
  const others = failed.filter(({ fullName }) => !names.has(fullName));
  if (others.length === 0) failedCases.delete(path);
  else failedCases.set(path, others);
  const cases = failed.filter(({ fullName }) => names.has(fullName));
  return earlierTries({ result: { testResults }, cases: cases as unknown as JsonObject[] });
}

export type SettledResult = Pick<
  FinishedResult,
  'numFailingTests' | 'testResults' | 'failureMessage' | 'testExecError'
>;

/** A file whose process died or whose code did not load has no result of Jest's. */
export function failureResult(error: unknown): SettledResult {
  const failureMessage = String((error as Error | null)?.message ?? error);
  return { numFailingTests: 0, testResults: [], failureMessage, testExecError: error ?? failureMessage };
}

export function startActiveRun(joined: JoinedRun, workers: number, watcher: JestWatcher, found: number): ActiveRun {
  const { queue, session } = joined;
  const results = createResultBatcher(queue, session);
  const claims = createClaimLoop({
    ...{ queue, session, workers, flush: results.flush, ...(joined.isFirst && { isFirst: joined.isFirst }) },
    onWaiting: (waiting) => printNotice(waitingNotice(waiting)),
  });
  const { node, runId } = joined.session;
  const run = {
    node,
    runId,
    found,
    accepted: 0,
    acceptedParts: 0,
    inherited: [],
    retried: [],
    failedAgain: [],
    superseded: [],
    flaky: [],
    firstErrors: new Map<string, string>(),
    nextAttempt: joined.session.attempt + 1,
    finished: false,
    finishedAgoMs: joined.finishedAgoMs ?? null,
    failedElsewhere: [],
    cancelledBy: null,
  };
  publishQueueRun(run);
  return {
    joined,
    claims,
    results,
    pending: new Set(),
    watcher,
    running: new Map(),
    reportedFailures: new Set(),
    failedCases: new Map(),
    counted: found,
    failedTests: 0,
    isStopping: false,
    run,
  };
}

export function openRunOf({ joined: { session }, running }: ActiveRun): OpenRun {
  return {
    who: `the process of node ${session.node}`,
    before: `run ${session.runId} was finished`,
    running: () => [...running.values()].map(({ item }) => keyName(item.key)),
  };
}

function update(active: ActiveRun, change: Partial<QueueRun>): void {
  active.run = { ...active.run, ...change };
  publishQueueRun(active.run);
}

/** One more result that this node reports. */
function countAccepted(active: ActiveRun, part: string | null): void {
  const { accepted, acceptedParts } = active.run;
  update(active, { accepted: accepted + 1, acceptedParts: acceptedParts + (part === null ? 0 : 1) });
}

/** One that this node reports, because its name owns it, and that did not run here. */
export function countInherited(active: ActiveRun, { key, attempt }: AcceptedResult): void {
  const { accepted, inherited, nextAttempt } = active.run;
  update(active, {
    accepted: accepted + 1,
    inherited: [...inherited, key],
    nextAttempt: Math.max(nextAttempt, attempt + 1),
  });
}

const STOPPED_WORKER = /terminated by another process: signal=SIG(?:TERM|INT|HUP)/;
const SIGNAL_PAUSE_MS = 250;

/**
 * Ctrl-C and many CIs signal the whole group: then the workers die of it too, and what they ran did not fail. Their end
 * may be noticed before our own signal.
 */
export async function waitForSignal(active: ActiveRun | undefined, error: unknown): Promise<void> {
  if (active === undefined || !STOPPED_WORKER.test(String((error as Error | null)?.message))) return;
  await sleep(SIGNAL_PAUSE_MS);
}

/** What one worker does: items until the end. */
export async function runLoop(active: ActiveRun, run: (test: JestTest) => Promise<unknown>): Promise<void> {
  const { claims, joined, watcher } = active;
  const finished: Promise<unknown>[] = [];
  for (;;) {
    if (watcher.isInterrupted()) claims.stop();
    const item = await claims.next();
    if (item === undefined) break;
    const test = joined.testOf(item.key);
    if (test === undefined) {
      claims.fail(unknownItemError(joined.session, item.key));
      break;
    }
    await new Promise<void>((workerFree) => {
      const running: Running = { item, startedAtMs: performance.now(), workerFree };
      active.running.set(test, running);
      const done = run(test)
        .catch((error: unknown) => claims.fail(error))
        .finally(() => {
          if (active.running.get(test) === running) active.running.delete(test);
          workerFree();
        });
      finished.push(done);
    });
  }
  await Promise.all(finished);
  await active.results.flush();
  // A reporter may be slow, and more results may come meanwhile.
  while (active.pending.size > 0) await Promise.all(active.pending);
}

/**
 * Reports a pass once its decision is known, without making the runner wait for it: in band it would start
 * nothing else meanwhile.
 */
export function reportLater(active: ActiveRun, report: () => Promise<void>): void {
  const reporting = report()
    .catch((error: unknown) => active.claims.fail(error))
    .finally(() => active.pending.delete(reporting));
  active.pending.add(reporting);
}

export function onStart(active: ActiveRun | undefined, test: JestTest): void {
  const running = active?.running.get(test);
  if (active === undefined || running === undefined) return;
  running.startedAtMs = performance.now();
  active.claims.begin(running.item);
}

/**
 * Settles a result. True where it is this node's to report.
 *
 * @param reported the result as Jest will report it.
 */
export async function settleResult(
  active: ActiveRun,
  test: JestTest,
  { item, startedAtMs, workerFree }: Running,
  outcome: Outcome,
  judged: SettledResult,
  bail: number,
  reported: () => JestTestResult,
): Promise<boolean> {
  // Jest reports what it did not start any more as failed, and what a signal ended; that is no result.
  if (active.watcher.isInterrupted() || (active.isStopping && outcome === 'failed')) return true;
  // After a failure the worker waits for the verdict, so that --bail starts nothing more.
  if (outcome === 'passed') workerFree();
  const { itemId, attempt, claimNumber, key } = item;
  const durationMs = performance.now() - startedAtMs;
  try {
    const detail = resultDetail(judged, active.joined.toName, takeEarlier(active, test.path, judged));
    const run = { attempt, claimNumber, part: item.part, inherited: false };
    const blob = readResultLines()?.keep(test, reported(), run, key) ?? null;
    const result = { itemId, attempt, claimNumber, outcome, durationMs, detail, blob };
    const settled = await active.results.settle(result, outcome === 'failed' || blob === null);
    active.claims.done(item, durationMs);
    if (settled.decision !== 'accepted') {
      reportUncounted(
        active,
        test,
        judged,
        { attempt, claimNumber, part: item.part, decision: settled.decision, outcome },
        key,
      );
      return false;
    }
    const isFlaky = outcome === 'passed' && settled.failures > 0;
    countAccepted(active, item.part);
    if (isFlaky) update(active, { flaky: [...active.run.flaky, key] });
    if (outcome === 'failed' && active.run.retried.includes(key))
      update(active, { failedAgain: [...active.run.failedAgain, key] });
    setItemRun(test, run);
    if (outcome === 'failed') await countFailure(active, key, judged.numFailingTests, bail);
    return true;
  } catch (error) {
    // The run is red by this error; the result is shown all the same, because somebody waited for it.
    active.claims.fail(error);
    countAccepted(active, item.part);
    return true;
  }
}

/** Nobody else reports what failed here and is not this node's to report. */
function reportUncounted(active: ActiveRun, test: JestTest, judged: SettledResult, tried: ItemTry, key: string): void {
  update(active, { [tried.decision]: [...active.run[tried.decision], key] });
  reportItemTry(test, judged as JestTestResult, tried);
  if (tried.decision === 'retried') printNotice(retriedNotice(key, judged));
}

/** Jest ends this process in its listener for the failure that reaches the number. */
async function countFailure(active: ActiveRun, key: string, failedTests: number, bail: number): Promise<void> {
  const { queue, session } = active.joined;
  active.reportedFailures.add(key);
  active.failedTests += failedTests;
  if (bail === 0 || failedTests === 0 || active.failedTests < bail) return;
  await queue.cancel(session, `node ${session.node} (--bail)`);
  update(active, { cancelledBy: `node ${session.node} (--bail)` });
  correctTotal(active);
  await active.claims.close();
}

/**
 * A node that ran nothing is green, whatever became of the run: it is to say what. One that ran something has no need to
 * ask for what may be a long list.
 */
export async function readFailedElsewhere(active: ActiveRun): Promise<void> {
  const { accepted, inherited } = active.run;
  if (accepted > inherited.length) return;
  const { queue, session } = active.joined;
  const others = (await queue.failures(session, 'run')).filter(({ node }) => node !== session.node);
  update(active, {
    failedElsewhere: others.map(({ key, outcome }) => ({
      name: keyName(key),
      outcome: outcome === 'poison' ? 'poison' : 'failed',
    })),
  });
}

/** Another node may have had the failure that makes an item flaky, and only the queue knows of it. */
export async function readFirstErrors(active: ActiveRun): Promise<void> {
  const { queue, session } = active.joined;
  const flaky = new Set(active.run.flaky);
  if (flaky.size === 0) return;
  const firstErrors = new Map<string, string>();
  for (const { key, outcome, detail } of await queue.tries(session)) {
    const error = outcome === 'failed' && flaky.has(key) ? detailError(detail) : null;
    if (error !== null && !firstErrors.has(key)) firstErrors.set(key, shownText(error));
  }
  update(active, { firstErrors });
}

export function assertFinished({ claims: { end }, joined: { session } }: ActiveRun): void {
  if (end?.kind === 'failed') throw end.error;
  if (end?.kind === 'cancelled') throw cancelledError(session, end.by);
  if (end?.kind !== 'finished') throw undrainedError(session);
}

/** Jest counted every file it found; this node's report is about those it ran. */
export function correctTotal(active: ActiveRun): void {
  const { end } = active.claims;
  if (end?.kind === 'cancelled') update(active, { cancelledBy: end.by });
  update(active, { finished: end?.kind === 'finished' });
  reduceTotal(active.counted - active.run.accepted);
  active.counted = active.run.accepted;
}
