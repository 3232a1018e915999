/**
 * One `runTests` of the queue runner: what its workers have, and what becomes of their results.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../../blob/blob';
import { shownText } from '../../blob/portable-paths';
import { detailError } from '../../blob/queue-detail';
import { earlierTries } from '../../blob/test-tries';
import type { Claimed, Outcome } from '../../queue/queue';
import { resultDetail } from '../../queue/result-detail';
import { reduceTotal } from '../host/file-total';
import type { JestTest, JestTestResult } from '../host/jest-types';
import { printNotice } from '../planning/print-share';
import { createFeed, type Feed } from './claim-loop';
import type { FinishedResult } from './outcome';
import { type ItemTry, noteItemRun, publishQueueRun, type QueueRun, tellItemTry } from './published-run';
import { cancelledError, retriedNotice, undrainedError, unknownItemError, waitingNotice } from './queue-errors';
import type { JestWatcher, QueueSeat } from './queue-position';
import { createSettler, type Settler } from './result-batcher';
import { readKeeper } from './result-keeper';

/** One item that a worker has. */
interface Running {
  readonly item: Claimed;
  startedAtMs: number;
  /** The worker is free, whatever is still told about its result. */
  readonly workerFree: () => void;
  /** Events of one run are judged once, however many listen. */
  verdict?: Promise<boolean>;
}

/** One `runTests`. */
export interface Ride {
  readonly seat: QueueSeat;
  readonly feed: Feed;
  readonly settler: Settler;
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

/** What Jest tells of each try of a test. */
export interface TestCase {
  readonly fullName: string;
  readonly status: string;
}

/** Jest keeps the errors of `jest.retryTimes` on no result. */
export function noteCase({ failedCases }: Ride, path: string, testCase: TestCase): void {
  if (testCase.status !== 'failed') return;
  const known = failedCases.get(path);
  if (known === undefined) failedCases.set(path, [testCase]);
  else known.push(testCase);
}

/** Takes what was told of a file's tests before their last tries. */
function takeEarlier({ failedCases }: Ride, path: string, { testResults }: JudgedResult) {
  const told = failedCases.get(path) ?? [];
  if (told.length === 0) return earlierTries({ result: { testResults } });
  const names = new Set(testResults.map(({ fullName }) => fullName));
  // Another part of the file may be running too.
  const others = told.filter(({ fullName }) => !names.has(fullName));
  if (others.length === 0) failedCases.delete(path);
  else failedCases.set(path, others);
  const cases = told.filter(({ fullName }) => names.has(fullName));
  return earlierTries({ result: { testResults }, cases: cases as unknown as JsonObject[] });
}

export type JudgedResult = Pick<FinishedResult, 'numFailingTests' | 'testResults' | 'failureMessage' | 'testExecError'>;

/** A file whose process died or whose code did not load has no result of Jest's. */
export function failureResult(error: unknown): JudgedResult {
  const failureMessage = String((error as Error | null)?.message ?? error);
  return { numFailingTests: 0, testResults: [], failureMessage, testExecError: error ?? failureMessage };
}

export function boardRide(seat: QueueSeat, workers: number, watcher: JestWatcher, found: number): Ride {
  const { queue, session } = seat;
  const settler = createSettler(queue, session);
  const feed = createFeed({
    ...{ queue, session, workers, flush: settler.flush },
    onWaiting: (waiting) => printNotice(waitingNotice(waiting)),
  });
  const { node, runId } = seat.session;
  const run = {
    node,
    runId,
    found,
    accepted: 0,
    acceptedParts: 0,
    inherited: [],
    retried: [],
    superseded: [],
    flaky: [],
    firstErrors: new Map<string, string>(),
    finished: false,
    cancelledBy: null,
  };
  publishQueueRun(run);
  return {
    seat,
    feed,
    settler,
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

function update(ride: Ride, change: Partial<QueueRun>): void {
  ride.run = { ...ride.run, ...change };
  publishQueueRun(ride.run);
}

/** One more result that this node reports. */
function noteAccepted(ride: Ride, part: string | null): void {
  const { accepted, acceptedParts } = ride.run;
  update(ride, { accepted: accepted + 1, acceptedParts: acceptedParts + (part === null ? 0 : 1) });
}

/** One that this node reports, because its name owns it, and that did not run here. */
export function noteInherited(ride: Ride, key: string): void {
  const { accepted, inherited } = ride.run;
  update(ride, { accepted: accepted + 1, inherited: [...inherited, key] });
}

const STOPPED_WORKER = /terminated by another process: signal=SIG(?:TERM|INT|HUP)/;
const SIGNAL_PAUSE_MS = 250;

/**
 * Ctrl-C and many CIs signal the whole group: then the workers die of it too, and what they ran did not fail. Their end
 * may be noticed before our own signal.
 */
export async function settleDown(ride: Ride | undefined, error: unknown): Promise<void> {
  if (ride === undefined || !STOPPED_WORKER.test(String((error as Error | null)?.message))) return;
  await sleep(SIGNAL_PAUSE_MS);
}

/** What one worker does: items until the end. */
export async function runLoop(ride: Ride, run: (test: JestTest) => Promise<unknown>): Promise<void> {
  const { feed, seat, watcher } = ride;
  const told: Promise<unknown>[] = [];
  for (;;) {
    if (watcher.isInterrupted()) feed.stop();
    const item = await feed.next();
    if (item === undefined) break;
    const test = seat.testOf(item.key);
    if (test === undefined) {
      feed.fail(unknownItemError(seat.session, item.key));
      break;
    }
    await new Promise<void>((workerFree) => {
      const running: Running = { item, startedAtMs: performance.now(), workerFree };
      ride.running.set(test, running);
      const done = run(test)
        .catch((error: unknown) => feed.fail(error))
        .finally(() => {
          if (ride.running.get(test) === running) ride.running.delete(test);
          workerFree();
        });
      told.push(done);
    });
  }
  await Promise.all(told);
  await ride.settler.flush();
  // One that is told may make a reporter slow, and more of them may come meanwhile.
  while (ride.pending.size > 0) await Promise.all(ride.pending);
}

/**
 * Lets a listener hear of a pass once its verdict is known, without making the runner wait for it: in band it would start
 * nothing else meanwhile.
 */
export function tellLater(ride: Ride, tell: () => Promise<void>): void {
  const telling = tell()
    .catch((error: unknown) => ride.feed.fail(error))
    .finally(() => ride.pending.delete(telling));
  ride.pending.add(telling);
}

export function noteStart(ride: Ride | undefined, test: JestTest): void {
  const running = ride?.running.get(test);
  if (ride === undefined || running === undefined) return;
  running.startedAtMs = performance.now();
  ride.feed.begin(running.item);
}

/**
 * Settles a result. True where it is this node's to report.
 *
 * @param reported the result as Jest will report it.
 */
export async function judgeResult(
  ride: Ride,
  test: JestTest,
  { item, startedAtMs, workerFree }: Running,
  outcome: Outcome,
  judged: JudgedResult,
  bail: number,
  reported: () => JestTestResult,
): Promise<boolean> {
  // Jest reports what it did not start any more as failed, and what a signal ended; that is no result.
  if (ride.watcher.isInterrupted() || (ride.isStopping && outcome === 'failed')) return true;
  // After a failure the worker waits for the verdict, so that --bail starts nothing more.
  if (outcome === 'passed') workerFree();
  const { itemId, attempt, claimNumber, key } = item;
  const durationMs = performance.now() - startedAtMs;
  try {
    const detail = resultDetail(judged, ride.seat.toName, takeEarlier(ride, test.path, judged));
    const run = { attempt, claimNumber, part: item.part, inherited: false };
    const blob = readKeeper()?.keep(test, reported(), run, key) ?? null;
    const result = { itemId, attempt, claimNumber, outcome, durationMs, detail, blob };
    const told = await ride.settler.settle(result, outcome === 'failed' || blob === null);
    ride.feed.done(item, durationMs);
    if (told.decision !== 'accepted') {
      noteTry(ride, test, judged, { attempt, claimNumber, part: item.part, decision: told.decision, outcome }, key);
      return false;
    }
    const isFlaky = outcome === 'passed' && told.failures > 0;
    noteAccepted(ride, item.part);
    if (isFlaky) update(ride, { flaky: [...ride.run.flaky, key] });
    noteItemRun(test, run);
    if (outcome === 'failed') await noteFailure(ride, key, judged.numFailingTests, bail);
    return true;
  } catch (error) {
    // The run is red by this error; the result is shown all the same, because somebody waited for it.
    ride.feed.fail(error);
    noteAccepted(ride, item.part);
    return true;
  }
}

/** Nobody else hears of what failed here and is not this node's to report. */
function noteTry(ride: Ride, test: JestTest, judged: JudgedResult, tried: ItemTry, key: string): void {
  update(ride, { [tried.decision]: [...ride.run[tried.decision], key] });
  tellItemTry(test, judged as JestTestResult, tried);
  if (tried.decision === 'retried') printNotice(retriedNotice(key, judged));
}

/** Jest ends this process as soon as it hears of the failure that makes the number full. */
async function noteFailure(ride: Ride, key: string, failedTests: number, bail: number): Promise<void> {
  const { queue, session } = ride.seat;
  ride.reportedFailures.add(key);
  ride.failedTests += failedTests;
  if (bail === 0 || failedTests === 0 || ride.failedTests < bail) return;
  await queue.cancel(session, `node ${session.node} (--bail)`);
  update(ride, { cancelledBy: `node ${session.node} (--bail)` });
  correctTotal(ride);
  await ride.feed.close();
}

/** Another node may have had the failure that makes an item flaky, and only the queue knows of it. */
export async function learnFirstErrors(ride: Ride): Promise<void> {
  const { queue, session } = ride.seat;
  const flaky = new Set(ride.run.flaky);
  if (flaky.size === 0) return;
  const firstErrors = new Map<string, string>();
  for (const { key, outcome, detail } of await queue.tries(session)) {
    const error = outcome === 'failed' && flaky.has(key) ? detailError(detail) : null;
    if (error !== null && !firstErrors.has(key)) firstErrors.set(key, shownText(error));
  }
  update(ride, { firstErrors });
}

export function assertFinished({ feed: { end }, seat: { session } }: Ride): void {
  if (end?.kind === 'failed') throw end.error;
  if (end?.kind === 'cancelled') throw cancelledError(session, end.by);
  if (end?.kind !== 'finished') throw undrainedError(session);
}

/** Jest counted every file it found; this node's report is about those it ran. */
export function correctTotal(ride: Ride): void {
  const { end } = ride.feed;
  if (end?.kind === 'cancelled') update(ride, { cancelledBy: end.by });
  update(ride, { finished: end?.kind === 'finished' });
  reduceTotal(ride.counted - ride.run.accepted);
  ride.counted = ride.run.accepted;
}
