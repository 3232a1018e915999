/**
 * The runner: Jest's own `jest-runner`, fed from the queue just in time.
 *
 * A result is settled BEFORE the scheduler hears of it: `--bail` ends the process inside the scheduler's listener, and a
 * result that another node will have must not be in this node's report.
 */
import type { AcceptedResult, Outcome } from '../../queue/queue';
import { hasReporter } from '../host/file-total';
import type { JestGlobalConfig, JestTest, JestTestResult } from '../host/jest-types';
import { printNotice } from '../planning/print-share';
import { refuseEarlyExit } from './early-exit';
import { createLazyList } from './lazy-list';
import { leaveOnSignal } from './leave-on-signal';
import { type FinishedResult, outcomeOf } from './outcome';
import { noteItemRun } from './published-run';
import { inheritedFailure, nothingLeftNotice, unknownItemError, unwalkedError } from './queue-errors';
import type { JestRunnerClass, JestWatcher, OpenSeat } from './queue-position';
import {
  assertFinished,
  boardRide,
  correctTotal,
  failureResult,
  type JudgedResult,
  judgeResult,
  learnFirstErrors,
  noteCase,
  noteInherited,
  noteStart,
  type Ride,
  runLoop,
  settleDown,
  type TestCase,
  tellLater,
} from './queue-run';
import { asReported, failedResult } from './reported-result';

type FailureListener = (event: [JestTest, unknown]) => unknown;

/**
 * A runner class for Jest's `runner` option.
 *
 * @param Base the PROJECT's `jest-runner` (its default export), or a class that extends it.
 * @param openSeat joins the run.
 */
export function makeQueueRunner(Base: JestRunnerClass, openSeat: OpenSeat): JestRunnerClass {
  class QueueRunner extends Base {
    readonly #globalConfig: JestGlobalConfig;
    readonly #onFailure = new Set<FailureListener>();
    #ride: Ride | undefined;

    constructor(globalConfig: JestGlobalConfig, context: object, ...rest: never[]) {
      super(globalConfig, context, ...rest);
      this.#globalConfig = globalConfig;
    }

    override async runTests(
      tests: readonly JestTest[],
      watcher: JestWatcher,
      options: { readonly serial: boolean },
    ): Promise<void> {
      const { watch, watchAll, maxWorkers = 1 } = this.#globalConfig;
      // Somebody looks at changed files again and again: nothing to share with other machines.
      if (watch || watchAll) return super.runTests(tests, watcher, options);

      const workers = options.serial ? 1 : maxWorkers;
      const seat = await openSeat(tests, this.#globalConfig);
      const ride = boardRide(seat, workers, watcher, tests.length);
      const { feed } = ride;
      this.#ride = ride;
      const release = refuseEarlyExit(ride);
      const silence = leaveOnSignal(() => {
        ride.isStopping = true;
        return feed.close();
      });
      const endCases = super.on('test-case-result', ([path, testCase]: [string, TestCase]) =>
        noteCase(ride, path, testCase),
      );
      // In band, tests run in this very thread and may block it for longer than a lease.
      const endPulse = options.serial ? seat.queue.keepAlive?.(seat.session) : undefined;
      try {
        const list = createLazyList({ found: tests, workers, loop: (run) => runLoop(ride, run) });
        await super.runTests(list.tests, watcher, options);
        if (watcher.isInterrupted()) return;
        if (!list.wasWalked()) throw unwalkedError(Base.name);
        assertFinished(ride);
        await this.#reportInherited(ride);
        if (!hasReporter() && ride.run.accepted === 0) printNotice(nothingLeftNotice(seat.session, tests.length));
        // For people only: a queue that does not answer any more takes nothing from the results.
        await learnFirstErrors(ride).catch(() => undefined);
      } finally {
        silence();
        release();
        endCases();
        await endPulse?.();
        this.#ride = undefined;
        correctTotal(ride);
        await feed.close().catch(() => undefined);
        await seat.close();
      }
    }

    override on(eventName: string, listener: (event: never) => unknown): () => void {
      const tell = listener as (event: readonly unknown[]) => unknown;
      if (eventName === 'test-file-start') {
        return super.on(eventName, ([test]: [JestTest]) => {
          noteStart(this.#ride, test);
          return tell([test]);
        });
      }
      if (eventName === 'test-file-success') {
        return super.on(eventName, ([test, result]: [JestTest, FinishedResult]) => {
          const outcome = outcomeOf(result);
          const verdict = this.#isAccepted(test, outcome, result, () => asReported(test, result));
          const judged = async () => {
            if (await verdict) await tell([test, result]);
          };
          const ride = this.#ride;
          // A failure is waited for: it may be the one that --bail ends this process with, inside the listener.
          if (ride === undefined) return judged();
          if (outcome === 'failed') return Promise.all(ride.pending).then(judged);
          tellLater(ride, judged);
        });
      }
      if (eventName === 'test-file-failure') {
        this.#onFailure.add(tell as FailureListener);
        const off = super.on(eventName, async ([test, error]: [JestTest, unknown]) => {
          await settleDown(this.#ride, error);
          const reported = () => failedResult(test, error);
          if (await this.#isAccepted(test, 'failed', failureResult(error), reported)) await tell([test, error]);
        });
        return () => {
          this.#onFailure.delete(tell as FailureListener);
          off();
        };
      }
      return super.on(eventName, listener);
    }

    /** Whether the scheduler is to hear of a result. */
    #isAccepted(
      test: JestTest,
      outcome: Outcome,
      result: JudgedResult,
      reported: () => JestTestResult,
    ): Promise<boolean> {
      const ride = this.#ride;
      const running = ride?.running.get(test);
      if (ride === undefined || running === undefined) return Promise.resolve(true);
      running.verdict ??= judgeResult(ride, test, running, outcome, result, this.#globalConfig.bail ?? 0, reported);
      return running.verdict;
    }

    /** Failures that this node's name owns and that no report of this process shows: its exit code must. */
    async #reportInherited(ride: Ride): Promise<void> {
      const { queue, session } = ride.seat;
      const owned: readonly AcceptedResult[] = await queue.failures(session);
      for (const failure of owned) {
        if (ride.reportedFailures.has(failure.key)) continue;
        const test = ride.seat.testOf(failure.key);
        if (test === undefined) throw unknownItemError(session, failure.key);
        const { attempt, claimNumber, part } = failure;
        noteInherited(ride, failure.key);
        noteItemRun(test, { attempt, claimNumber, part, inherited: true });
        for (const tell of this.#onFailure) await tell([test, inheritedFailure(failure)]);
      }
    }
  }
  return QueueRunner;
}
