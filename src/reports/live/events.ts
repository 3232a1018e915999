/**
 * What happens in a run while it lasts: one stream, whatever its source (pipes of local nodes, a queue's tables) and
 * whoever shows it (a terminal, a log, a page). JSON through and through.
 */
import type { TestFile } from '../../plan/item';
import type { EstimateUnit } from '../../plan/plan';

/** A file, or a part of one, as a node runs it. */
export interface RunningItem {
  readonly file: TestFile;
  /** Name of the part where the queue hands out parts, else null. */
  readonly part: string | null;
}

/** What a node itself tells. */
export type NodeEvent =
  /** Its Jest is about to start tests. Null files: nobody knows how many it will be. */
  | { readonly kind: 'node-ready'; readonly files: number | null }
  | ({ readonly kind: 'file-started' } & RunningItem)
  | ({
      readonly kind: 'test-failed';
      /** Full name; null where the file failed as a whole. */
      readonly test: string | null;
      /** As Jest has it, without colours; of a long one the beginning. */
      readonly error: string;
    } & RunningItem)
  /** A test that had failed passed when it was tried again. */
  | ({ readonly kind: 'test-passed'; readonly test: string } & RunningItem)
  | ({
      readonly kind: 'file-ended';
      readonly passed: number;
      readonly failed: number;
      readonly skipped: number;
      /** Neither the file as a whole nor one of its tests failed. */
      readonly ok: boolean;
    } & RunningItem)
  /** It failed, or came too late, and does not count: another node has it or will have it. */
  | ({ readonly kind: 'file-withdrawn' } & RunningItem);

/** What is to be run, for the time that is left. */
export interface PlannedItem extends RunningItem {
  /** 1-based; null where any node may get it. */
  readonly node: number | null;
  /** In the unit of the run. */
  readonly estimate: number;
}

export interface RunStarted {
  readonly kind: 'run-started';
  readonly nodes: number;
  /** Jest workers of each node. */
  readonly workers: number;
  /** One node runs after the other. */
  readonly takesTurns: boolean;
  /** The nodes pull from one queue. */
  readonly isQueued: boolean;
  readonly unit: EstimateUnit;
  readonly items: readonly PlannedItem[];
}

type OfNode<Event> = Event & {
  /** 1-based. */
  readonly node: number;
};

export type LiveEvent = (
  | RunStarted
  /** Its process was started. */
  | OfNode<{ readonly kind: 'node-started' }>
  | OfNode<NodeEvent>
  | OfNode<{ readonly kind: 'node-ended'; readonly exitCode: number | null; readonly signal: string | null }>
  /** Somebody wants it to stop; said again, the nodes are killed. */
  | { readonly kind: 'run-stopping'; readonly signal: string; readonly times: number }
  | { readonly kind: 'run-ended' }
) & {
  /** Milliseconds since 1970, by the clock of who tells it. */
  readonly at: number;
};
