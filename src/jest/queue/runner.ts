/**
 * The runner: Jest's own `jest-runner`, fed from the queue just in time.
 *
 * A result is settled BEFORE the scheduler gets it: `--bail` ends the process inside the scheduler's listener, and a
 * result that another node will have must not be in this node's report.
 */
import type { AcceptedResult, Outcome } from '../../queue/queue';
import { hasReporter } from '../host/file-total';
import type { JestGlobalConfig, JestRunnerClass, JestTest, JestTestResult, JestWatcher } from '../host/jest-types';
import { refuseEarlyExit } from '../planning/early-exit';
import { printNotice } from '../planning/print-share';
import type { JoinRun } from './joined-run';
import { createLazyList } from './lazy-list';
import { leaveOnSignal } from './leave-on-signal';
import { type FinishedResult, outcomeOf } from './outcome';
import { setItemRun } from './published-run';
import { inheritedFailure, nothingLeftNotices, unknownItemError, unwalkedError } from './queue-errors';
import {
  type ActiveRun,
  addFailedTry,
  assertFinished,
  correctTotal,
  countInherited,
  failureResult,
  onStart,
  openRunOf,
  readFailedElsewhere,
  readFirstErrors,
  reportLater,
  runLoop,
  type SettledResult,
  settleResult,
  startActiveRun,
  type TestCase,
  waitForSignal,
} from './queue-run';
import { asReported, failedResult } from './reported-result';

type FailureListener = (event: [JestTest, unknown]) => unknown;

/**
 * A runner class for Jest's `runner` option.
 *
 * @param Base the PROJECT's `jest-runner` (its default export), or a class that extends it.
 * @param joinRun joins the run.
 */
export function makeQueueRunner(Base: JestRunnerClass, joinRun: JoinRun): JestRunnerClass {
  class QueueRunner extends Base {
    readonly #globalConfig: JestGlobalConfig;
    readonly #onFailure = new Set<FailureListener>();
    #active: ActiveRun | undefined;

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
      const joined = await joinRun(tests, this.#globalConfig);
      const active = startActiveRun(joined, workers, watcher, tests.length);
      const { claims } = active;
      this.#active = active;
      const release = refuseEarlyExit(openRunOf(active));
      const silence = leaveOnSignal(() => {
        active.isStopping = true;
        return claims.close();
      });
      const stopCases = super.on('test-case-result', ([path, testCase]: [string, TestCase]) =>
        addFailedTry(active, path, testCase),
      );
      // In band, tests run in this very thread and may block it for longer than a lease.
      const stopHeartbeats = options.serial ? joined.queue.keepAlive?.(joined.session) : undefined;
      try {
        const list = createLazyList({ found: tests, workers, loop: (run) => runLoop(active, run) });
        await super.runTests(list.tests, watcher, options);
        if (watcher.isInterrupted()) return;
        if (!list.wasWalked()) throw unwalkedError(Base.name);
        assertFinished(active);
        await this.#reportInherited(active);
        // For people only: a queue that does not answer any more takes nothing from the results.
        await readFailedElsewhere(active).catch(() => undefined);
        if (!hasReporter() && active.run.accepted === 0) nothingLeftNotices(active.run).forEach(printNotice);
        await readFirstErrors(active).catch(() => undefined);
      } finally {
        silence();
        release();
        stopCases();
        await stopHeartbeats?.();
        this.#active = undefined;
        correctTotal(active);
        await claims.close().catch(() => undefined);
        await joined.close();
      }
    }

    override on(eventName: string, listener: (event: never) => unknown): () => void {
      const forward = listener as (event: readonly unknown[]) => unknown;
      if (eventName === 'test-file-start') {
        return super.on(eventName, ([test]: [JestTest]) => {
          onStart(this.#active, test);
          return forward([test]);
        });
      }
      if (eventName === 'test-file-success') {
        return super.on(eventName, ([test, result]: [JestTest, FinishedResult]) => {
          const outcome = outcomeOf(result);
          const verdict = this.#isAccepted(test, outcome, result, () => asReported(test, result));
          const judged = async () => {
            if (await verdict) await forward([test, result]);
          };
          const active = this.#active;
          // A failure is waited for: it may be the one that --bail ends this process with, inside the listener.
          if (active === undefined) return judged();
          if (outcome === 'failed') return Promise.all(active.pending).then(judged);
          reportLater(active, judged);
        });
      }
      if (eventName === 'test-file-failure') {
        this.#onFailure.add(forward as FailureListener);
        const off = super.on(eventName, async ([test, error]: [JestTest, unknown]) => {
          await waitForSignal(this.#active, error);
          const reported = () => failedResult(test, error);
          if (await this.#isAccepted(test, 'failed', failureResult(error), reported)) await forward([test, error]);
        });
        return () => {
          this.#onFailure.delete(forward as FailureListener);
          off();
        };
      }
      return super.on(eventName, listener);
    }

    /** Whether the scheduler is to get a result. */
    #isAccepted(
      test: JestTest,
      outcome: Outcome,
      result: SettledResult,
      reported: () => JestTestResult,
    ): Promise<boolean> {
      const active = this.#active;
      const running = active?.running.get(test);
      if (active === undefined || running === undefined) return Promise.resolve(true);
      running.verdict ??= settleResult(active, test, running, outcome, result, this.#globalConfig.bail ?? 0, reported);
      return running.verdict;
    }

    /** Failures that this node's name owns and that no report of this process shows: its exit code must. */
    async #reportInherited(active: ActiveRun): Promise<void> {
      const { queue, session } = active.joined;
      const owned: readonly AcceptedResult[] = await queue.failures(session, 'node');
      for (const failure of owned) {
        if (active.reportedFailures.has(failure.key)) continue;
        const test = active.joined.testOf(failure.key);
        if (test === undefined) throw unknownItemError(session, failure.key);
        const { attempt, claimNumber, part } = failure;
        countInherited(active, failure);
        setItemRun(test, { attempt, claimNumber, part, inherited: true });
        for (const forward of this.#onFailure) await forward([test, inheritedFailure(failure)]);
      }
    }
  }
  return QueueRunner;
}
