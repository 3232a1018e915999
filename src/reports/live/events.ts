/**
 * What happens in a run while it lasts: one stream, whatever its source (pipes of local nodes, a queue's tables) and
 * whoever shows it (a terminal, a log, a page). JSON through and through.
 */
import type { TestFile } from '../../plan/item';
import type { EstimateUnit } from '../../plan/plan';
import type { RepeatRecord } from '../../shell/reproduce-tests';

/** A file, or a part of one, as a node runs it. */
export interface RunningItem {
  readonly file: TestFile;
  /** Name of the part where the queue hands out parts, else null. */
  readonly part: string | null;
}

/** What a node itself tells. */
export type NodeEvent =
  /** Its Jest is about to start tests. Null files: nobody knows how many it will be. */
  | {
      readonly kind: 'node-ready';
      readonly files: number | null;
      /** For the commands that run a test alone; absent where the run began with it. */
      readonly repeat?: RepeatRecord;
    }
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
  | ({ readonly kind: 'file-withdrawn' } & RunningItem)
  /** The node that had it is not heard of any more; another node has it or will have it. */
  | ({ readonly kind: 'file-lost' } & RunningItem);

/** What is to be run, for the time that is left. */
export interface PlannedItem extends RunningItem {
  /** 1-based; null where any node may get it. */
  readonly node: number | null;
  /** In the unit of the run. */
  readonly estimate: number;
}

export interface RunStarted {
  readonly kind: 'run-started';
  /** What it is called; absent where there is one. */
  readonly id?: string;
  readonly commit?: string | null;
  /** Those that are known so far: more may come to a queue. */
  readonly nodes: number;
  /** Jest workers of each node; null where nobody says. */
  readonly workers: number | null;
  /** One node runs after the other. */
  readonly takesTurns: boolean;
  /** The nodes pull from one queue. */
  readonly isQueued: boolean;
  readonly unit: EstimateUnit;
  readonly items: readonly PlannedItem[];
  /** For the commands that run a test alone; absent where nobody says. */
  readonly repeat?: RepeatRecord;
}

type OfNode<Event> = Event & {
  /** 1-based. */
  readonly node: number;
};

export type LiveEvent = (
  | RunStarted
  /** Its process was started, or started again. */
  | OfNode<{
      readonly kind: 'node-started';
      /** What people call it; absent where it is its number. */
      readonly name?: string;
      /** Name of its machine; absent where it is this one. */
      readonly host?: string | null;
    }>
  | OfNode<NodeEvent>
  /** Without code and signal it left, and nobody says how it ended. */
  | OfNode<{ readonly kind: 'node-ended'; readonly exitCode: number | null; readonly signal: string | null }>
  /** It has sent no sign of life for longer than its lease. */
  | OfNode<{ readonly kind: 'node-lost' }>
  /** Somebody wants it to stop; said again, the nodes are killed. */
  | { readonly kind: 'run-stopping'; readonly signal: string; readonly times: number }
  | {
      readonly kind: 'run-ended';
      /** Who or what cancelled it; absent where nobody did. */
      readonly cancelledBy?: string;
      /** What its proof found, a sentence each; absent where nothing was proved. */
      readonly problems?: readonly string[];
    }
) & {
  /** Milliseconds since 1970, by the clock of who tells it. */
  readonly at: number;
};
