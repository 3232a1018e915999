/** What the runner needs to take part in a queue; reading options, plan and URL is up to the caller. */
import type { Queue, QueueSession } from '../../queue/queue';
import type { JestGlobalConfig, JestTest } from '../host/jest-types';

export interface JoinedRun {
  readonly queue: Queue;
  readonly session: QueueSession;
  /** As the queue said when this node joined; default: the run was not finished. */
  readonly finishedAgoMs?: number | null;
  /**
   * The Test of an item's key (`fileKey(file, part)`), undefined where this node has none. Two parts of one file must be
   * two Test objects: the runner distinguishes running items by them.
   */
  readonly testOf: (key: string) => JestTest | undefined;
  /** The name that all checkouts have for a test; default: the one it has here. */
  readonly toName?: (name: string) => string;
  /** Whether an item is handed out before longer ones, as it failed last time; default: none is. */
  readonly isFirst?: (key: string) => boolean;
  /** Called at the very end, whatever happened. */
  readonly close: () => Promise<void>;
}

/** Joins a run with the tests that Jest found; called once for every `runTests`. */
export type JoinRun = (tests: readonly JestTest[], globalConfig: JestGlobalConfig) => Promise<JoinedRun>;
