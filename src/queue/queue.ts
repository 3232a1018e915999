/**
 * The contract of claiming test files at run time: nodes take items from one queue until none is left.
 *
 * Every implementation must satisfy `__tests__/contracts/queue.ts`. The laws that everything else rests on:
 * - exactly one accepted result per item and attempt, whatever dies, is delivered twice or comes late;
 * - a lease lives as long as its session's heartbeat, measured by the queue's own clock and nobody else's;
 * - a run is finished only when every item has an accepted result, not when nothing is left to claim.
 *
 * All data is plain JSON, so that a queue can be asked over any wire.
 *
 * The words and the atomic steps follow Shopify's ci-queue (https://github.com/Shopify/ci-queue); fencing by attempt
 * number follows Kleppmann, "How to do distributed locking", 2016.
 */
import { optionTable } from '../options/table';
import type { TestFile } from '../plan/item';
import type { PastEstimate } from './history';
import type { Json, JsonObject } from './json';
import type { AcceptedOutcome, Decision, Outcome } from './outcome';
import type { RunFixtures } from './run-fixtures';

export type { AcceptedOutcome, Decision, Json, JsonObject, Outcome };

/** Limits of a run. The node that fills the run sets them for all. */
export interface QueueLimits {
  /** A session that sent no heartbeat for this long is dead, and what it held goes back. */
  readonly leaseMs: number;
  /** A file that runs for longer than this is taken from its node even while that node lives. */
  readonly maxFileMs: number;
  /** How many nodes may die while running an item before it is accepted as `poison`. */
  readonly maxCrashes: number;
  /** How many failures of an item are sent to another node before one is accepted. */
  readonly maxRetries: number;
}

export const DEFAULT_QUEUE_LIMITS: QueueLimits = {
  leaseMs: optionTable.leaseSeconds.default * 1_000,
  maxFileMs: 3_600_000,
  maxCrashes: 3,
  maxRetries: 0,
};

/**
 * True of an item that a node held before and that nobody failed: lost with its node, or given back. Its start is recorded
 * before it runs, so that a file which kills its node at once does so at most once without being counted.
 */
export const wasLostBefore = ({ claimNumber, failures }: Pick<Claimed, 'claimNumber' | 'failures'>): boolean =>
  claimNumber - failures > 1;

/** What the first node puts into a run. */
export interface QueueEntry {
  readonly file: TestFile;
  /** Name of the part where the file is split, else null. */
  readonly part: string | null;
  /** Predicted duration: a positive integer. Of those that did not fail last time the longest are handed out first. */
  readonly estimate: number;
  /** Number (1-based) of the node that this item is kept for while others have work, or null: anybody's, first. */
  readonly home: number | null;
  /** It failed in the run before, and is handed out before all others. */
  readonly failedLast?: boolean;
}

export interface RunRef {
  /** What is tested: repository and label. Durations are remembered by pipeline. */
  readonly pipeline: string;
  /** Id of the run, without the attempt. */
  readonly runId: string;
}

/** Lines of a blob, compressed (`deflateRaw`), as Base64. */
export type PackedLines = string;

/** What stands at the beginning of a node's blob. */
export interface BlobBeginning {
  readonly head: PackedLines;
  /** The same on all nodes. */
  readonly inputs: PackedLines;
  /** Names `inputs`. */
  readonly inputsDigest: string;
}

/** A result as it stands in the blob, for a merge that has no artifact of its node. */
export interface BlobLines {
  /** What later results of the session refer to too; null where that is nothing new. */
  readonly sources: PackedLines | null;
  readonly lines: PackedLines;
}

export interface JobRef {
  readonly name: string;
  readonly id: string;
}

export interface JoinRequest extends RunRef {
  /** Attempt of the CI job, 1-based: a greater one than before is a re-run. */
  readonly attempt: number;
  /**
   * The CI job, where a re-run keeps the attempt and the job's name and gets another id: then another job of one name is
   * the next attempt. Null where the attempt says all.
   */
  readonly job: JobRef | null;
  /** Name of the node; a re-run of the same CI job must have the same name. */
  readonly node: string;
  /** Number of the node (1-based) for items whose home it is; null where it has none. */
  readonly home: number | null;
  /** Name of the machine, for people. */
  readonly host: string | null;
  /** Made by the caller, new for each join: a join that is repeated because its answer was lost opens no second session. */
  readonly token: string;
  /** Digest of the plan and of what the checkout holds, which all nodes of a run must share. */
  readonly digest: string;
  /**
   * Digest of what is changed in this checkout and not committed, which whoever begins again where all nodes have ended
   * must share: results of other files say nothing of these. Null where it is not compared.
   */
  readonly changes: string | null;
  /** What both digests are made of, so that a message can say what differs. */
  readonly inputs: PlanInputs;
  readonly commit: string | null;
  /** For people: nothing is compared by it. Null or absent where nobody knows it. */
  readonly branch?: string | null;
  readonly entries: readonly QueueEntry[];
  readonly limits: QueueLimits;
  /** Beginning of this node's blob, for a queue that keeps results; null where none is written. */
  readonly blob?: BlobBeginning | null;
  /** What a re-run runs again of what this node ran: only what did not pass, or all of it. */
  readonly rerun: 'failed' | 'all';
}

/** What the files of a run are, for messages. */
export interface PlanInputs {
  /** By name; compared one by one. */
  readonly settings: JsonObject;
  /**
   * Names of the contents of all test files in the order of their keys, as `packContents` makes them; null where
   * they are not compared.
   */
  readonly contents: string | null;
  /** Digests by what they are of: `testMatch of Jest's config`. */
  readonly configs: { readonly [name: string]: string };
  /** Names of the contents of changed files by path; see `JoinRequest.changes`. */
  readonly changed: { readonly [path: string]: string };
}

/** One process of a node in a run. */
export interface QueueSession extends RunRef {
  readonly runRowId: string;
  readonly sessionId: string;
  readonly node: string;
  readonly home: number | null;
  /** 1-based; greater than that of the request where a job was run again under one attempt. */
  readonly attempt: number;
  /** The run's, which may differ from what was asked for. */
  readonly limits: QueueLimits;
}

export interface Joined {
  readonly session: QueueSession;
  /** This node was first and filled the run. */
  readonly filled: boolean;
  /** Items that were put back because this is a re-run. */
  readonly requeued: number;
  /** How long ago the run was finished, by the queue's clock, where this join found it so and put nothing back; else null. */
  readonly finishedAgoMs: number | null;
  /** Live sessions of the same node name: a job that was restarted, or two nodes with one number. */
  readonly sameNameSessions: number;
}

/** The right to run one item; `attempt` is the fencing token. */
export interface Lease {
  readonly itemId: number;
  readonly attempt: number;
  /** 1-based within the attempt; every claim of an item raises it. */
  readonly claimNumber: number;
}

export interface Claimed extends Lease {
  /** `fileKey(file, part)` */
  readonly key: string;
  readonly file: TestFile;
  readonly part: string | null;
  readonly estimate: number;
  /** Failures of this attempt so far, which were sent on. */
  readonly failures: number;
  /** Nodes that died with it in this attempt. */
  readonly crashes: number;
}

interface ClaimRequest {
  readonly count: number;
  /** How many of them the caller starts at once; for the others it calls `start` later. */
  readonly startNow: number;
  /** Leases that the caller knows it holds. One that it holds and does not know of is handed out again: an answer was lost. */
  readonly known: readonly Lease[];
}

export interface ItemResult extends Lease {
  readonly outcome: Outcome;
  /** Wall time from the file's start to its result. */
  readonly durationMs: number;
  /** Kept in the history; see `ResultDetail` for what the runner writes. */
  readonly detail: JsonObject | null;
  /** Kept for some days by a queue that other machines ask; absent where that is nothing. */
  readonly blob?: BlobLines | null;
}

export interface Settlement extends Lease {
  readonly decision: Decision;
  /** Failures of this attempt so far, this one included. A passed item with failures is flaky. */
  readonly failures: number;
}

interface Heartbeat {
  /** Who or what cancelled the run, or null. */
  readonly cancelledBy: string | null;
  /** What this session holds. */
  readonly held: readonly Lease[];
}

export interface QueueState {
  /** Every item has an accepted result. */
  readonly finished: boolean;
  readonly cancelledBy: string | null;
  /** Some items wait to be claimed. */
  readonly queued: boolean;
  /** Some items are held by a session, alive or not. */
  readonly leased: boolean;
}

/** One item that a node has now. */
export interface RunningItem {
  /** `fileKey(file, part)` */
  readonly key: string;
  readonly node: string;
  /** How long ago it began, by the queue's clock; where its begin is not recorded yet, since it was claimed. */
  readonly runningMs: number;
}

/** What a run waits for. */
export interface Waiting {
  /** Items of the run. */
  readonly items: number;
  /** Of those, how many have no accepted result yet. */
  readonly open: number;
  /** What nodes have of them, the longest running first; at most so many as were asked for. */
  readonly running: readonly RunningItem[];
}

/** An item that a node had begun and that has no accepted result. */
export interface BegunItem {
  /** `fileKey(file, part)` */
  readonly key: string;
  readonly node: string;
}

export interface Swept {
  /** Items that went back to the queue. */
  readonly lost: number;
  /** Items that were accepted as poison. */
  readonly poison: number;
}

export interface AcceptedResult {
  readonly key: string;
  readonly file: TestFile;
  readonly part: string | null;
  /** Name of the node that ran it last. */
  readonly node: string | null;
  readonly attempt: number;
  readonly claimNumber: number;
  readonly outcome: AcceptedOutcome;
  /** Failures of this attempt that were sent on; a passed item with failures is flaky. */
  readonly failures: number;
  readonly durationMs: number | null;
}

/** One run of one item, accepted or not. */
export interface ExecutionRecord extends Lease {
  readonly key: string;
  readonly node: string | null;
  readonly decision: Decision | 'lost';
  /** Null where the run was lost. */
  readonly outcome: AcceptedOutcome | null;
  readonly durationMs: number | null;
}

/** An execution of an item that does not count. */
export interface UncountedTry extends Lease {
  readonly key: string;
  readonly file: TestFile;
  readonly part: string | null;
  readonly node: string | null;
  /** `replaced`: it was accepted, and a later attempt counts. */
  readonly decision: Exclude<Decision, 'accepted'> | 'lost' | 'replaced';
  /** Null where it has no result. */
  readonly outcome: Outcome | null;
  /** Milliseconds since 1970 by the queue's clock: when it began, of a lost one when it was claimed; null where not known. */
  readonly startMs: number | null;
  readonly durationMs: number | null;
  /** As it was delivered, see `ResultDetail`. */
  readonly detail: JsonObject | null;
}

export interface Queue extends RunFixtures<QueueSession> {
  /**
   * Joins a run; the first node to come fills it. An attempt greater than the run's puts back what this node
   * owns and did not pass, and reopens a finished or cancelled run.
   *
   * @throws DistributedError `QUEUE_PLAN_DIFFERS` where the run was filled from another plan, `QUEUE_TREE_DIFFERS` where
   * the files have changed since; the message names the difference.
   */
  join(request: JoinRequest): Promise<Joined>;
  /**
   * Takes up to `count` items, in this order: requeued ones (not on the node they just failed on, unless it is alone),
   * those without a home (longest first), those of this session's home, the longest of anybody's. Empty when nothing is
   * queued for this node, when the run is cancelled, and when the session left. Never an item of `known`: whoever lost
   * the lease of what it runs goes on running it, and its result may still be the first.
   */
  claim(session: QueueSession, request: ClaimRequest): Promise<readonly Claimed[]>;
  /** Records that items begin to run: only these count a crash when the session dies. */
  start(session: QueueSession, leases: readonly Lease[]): Promise<void>;
  /**
   * Extends the session's lease; revives one that had expired, without giving back what was swept.
   *
   * @throws DistributedError `QUEUE_SESSION_GONE` where the session left or the run was pruned.
   */
  heartbeat(session: QueueSession): Promise<Heartbeat>;
  /**
   * Heartbeats from outside this thread, for a caller that blocks its own; absent where the queue cannot. Returns what
   * ends them.
   */
  keepAlive?(session: QueueSession): () => Promise<void>;
  /** Delivers results; may be repeated. Fenced: a late result counts only if none was accepted. One verdict for each result. */
  settle(session: QueueSession, results: readonly ItemResult[]): Promise<readonly Settlement[]>;
  /**
   * Puts back what dead sessions held; the one that asks is not dead. At most once per `gateMs` and run; anybody may
   * call it, often.
   */
  sweep(session: QueueSession, gateMs: number): Promise<Swept>;
  /**
   * The process of this session is known to have ended: what it held goes back at once, as if its lease had ended. Does
   * nothing where the session left by itself.
   */
  expire(session: QueueSession): Promise<Swept>;
  /**
   * Asked after an empty claim: whether the run is finished, and else what it waits for.
   *
   * @throws DistributedError `QUEUE_RUN_GONE` where the run, or a part of it, is no longer in the queue.
   */
  finish(session: QueueSession): Promise<QueueState>;
  /** Stops a run: nothing more is claimed. False where it was unknown, finished or cancelled already. */
  cancel(run: RunRef, by: string): Promise<boolean>;
  /** Gives everything back at once and ends the session. */
  leave(session: QueueSession): Promise<void>;
  /** What a run waits for, for people; not for every claim. @param most running items to name. */
  waiting(session: QueueSession, most: number): Promise<Waiting>;
  /**
   * Accepted results that did not pass.
   *
   * @param of `node`: those that this node's name owns, which decide its exit code. `run`: those of all nodes.
   */
  failures(session: QueueSession, of: 'node' | 'run'): Promise<readonly AcceptedResult[]>;
  /** What past runs of a pipeline say of its items, for the first node's entries; absent where nothing is remembered. */
  estimates?(pipeline: string, branch: string | null): Promise<readonly PastEstimate[]>;
  /** All accepted results of a run: the second witness of `merge` and `verify`. Null where there is no such run. */
  accepted(run: RunRef): Promise<readonly AcceptedResult[] | null>;
  /** Executions of a run that do not count, oldest first; of earlier attempts also the failures that were accepted. */
  tries(run: RunRef): Promise<readonly UncountedTry[]>;
  /** What nodes of a run have begun and not ended: at work, or lost with its node where none is left to run it again. */
  begun(run: RunRef): Promise<readonly BegunItem[]>;
  /** Every run of every item of a run, oldest first. */
  history(run: RunRef): Promise<readonly ExecutionRecord[]>;
  close(): Promise<void>;
}
