/**
 * The blob: what one node writes about its part of a run.
 *
 * JSON lines. First `run` (who) and `inputs` (what was found and planned), then `source` (code and shapes that coverage refers to,
 * each before its first use), `file` (one test file run), `try` (one run whose result does not count) and one `tree` (what
 * the checkout held) in any order, then `end` (Jest's run is over) and `exit` (so is the process). A blob without `end` or without `exit` was cut short.
 * Nothing in it depends on where the checkout lies: paths stand below a placeholder (see portable-paths.ts).
 *
 * A reader ignores fields and kinds of line that it does not know; what an old reader must not ignore raises `major`.
 */
import type { NodeIdentity } from '../node/identity';
import type { Run } from '../node/run';
import type { TestFile } from '../plan/item';
import type { Plan } from '../plan/plan';
import type { Json, JsonObject } from '../queue/json';
import type { RepeatRecord } from '../shell/reproduce-tests';

export type { Json, JsonObject };

/** Format that this version of the package writes. Major 1 did not say whose run it was, and is read no more. */
export const BLOB_FORMAT = { name: 'jest-distributed-blob', major: 2, minor: 2 } as const;

interface BlobFormat {
  readonly name: string;
  /** Another major cannot be read. */
  readonly major: number;
  /** A newer minor only adds. */
  readonly minor: number;
}

export type Provable =
  | { readonly ok: true }
  /** The run cannot prove anything, as with `--onlyFailures`; `reason` is a clause: "it ran --onlyFailures". */
  | { readonly ok: false; readonly reason: string };

/** Whose tests a run is of: blobs of different jobs never replace each other. */
export interface JobRecord {
  /** `name` in the package.json of the project, or null. */
  readonly packageName: string | null;
  /** Folder of that package.json relative to the repository, POSIX; null where there is no repository. */
  readonly packageDir: string | null;
  /** Jest's root relative to the repository, POSIX, empty where they are one; null where there is no repository. */
  readonly rootDir: string | null;
  /** Tells several Jest runs of one job apart, or null. */
  readonly label: string | null;
}

/** What Jest was asked to run: two calls in one job must not replace each other. */
export interface CallRecord {
  /** Of what `text` says, in hexadecimal digits. */
  readonly digest: string;
  /** As a person would type it: `jest --config jest.unit.js src`. */
  readonly text: string;
  /** Its arguments change which test files Jest finds: without them it finds others. Absent where they do not. */
  readonly findsOthers?: boolean;
}

/** Who the workers of a node were. */
export interface WorkersRecord {
  /** What their names begin with: `n2w` of `n2w1`. */
  readonly prefix: string;
  /** Slot of the first on its host; null where it had none. */
  readonly firstSlot: number | null;
}

/** First two lines of a blob: known before the first test runs. */
export interface BlobMetadata extends Pick<NodeIdentity, 'jobId' | 'jobName' | 'provider'> {
  readonly format: BlobFormat;
  /** Version of this package. */
  readonly packageVersion: string;
  readonly run: Run;
  readonly job: JobRecord;
  readonly call: CallRecord;
  /** `number` is 1-based; `source` says what set it. */
  readonly node: { readonly number: number; readonly nodes: number; readonly source: string };
  /** Absent where nobody numbered its workers. */
  readonly workers?: WorkersRecord;
  /** New for every blob: two files that hold the same one are copies. */
  readonly blobId: string;
  /** Milliseconds since 1970, by this node's clock. */
  readonly startMs: number;
  /** Start of its process, by the same clock. */
  readonly processStartMs?: number;
  /** Null where nothing was placed (disabled, `--onlyFailures`, watch). */
  readonly plan: Plan | null;
  /**
   * What the digest is made of and the plan does not show (test name pattern, path filters, timings), so that merge can
   * say what differs. Compared field by field.
   */
  readonly planInputs: JsonObject;
  /** Path of the plan file that the node was given, as it was given; for the command that repeats its share. */
  readonly planPath?: string | null;
  /** For the commands that repeat what ran; absent in blobs of older versions. */
  readonly repeat?: RepeatRecord | null;
  /** Null or absent: no queue, the share was planned. */
  readonly queue?: QueueNodeRecord | null;
  /** Every file Jest found, before selection. */
  readonly found: readonly TestFile[];
  /** Null or absent: there were files. Else why Jest was content to find none, a clause. */
  readonly nothing?: string | null;
  /** Null, or what switched the package off. A disabled run proves nothing. */
  readonly disabled: { readonly source: string } | null;
  readonly provable: Provable;
  /** How coverage is collected on this node, or null where it is not. */
  readonly coverageProvider: 'babel' | 'v8' | null;
  /** Thresholds that this node was given and did not check on its share; null or absent where there are none. */
  readonly coverageThreshold?: StoredThreshold | null;
  /** Digest of the quarantine that the node had; null where it had none, absent in blobs of older versions. */
  readonly quarantine?: string | null;
  readonly commit: string | null;
  /** Git's name of the commit's tree: commits of one tree hold the same files. Null or absent where git does not know. */
  readonly commitTree?: string | null;
  readonly jestVersion: string;
  readonly nodeVersion: string;
  readonly host: string;
  /** `process.platform`. */
  readonly platform: string;
}

/** Jest's `coverageThreshold`. */
export interface StoredThreshold {
  /** Folder that relative paths among the groups start from: the working directory of Jest, as a portable path. */
  readonly from: string;
  /** By `global`, path or glob. */
  readonly groups: JsonObject;
}

/** Which queue a node pulled from, and as whom. */
export interface QueueNodeRecord {
  readonly pipeline: string;
  readonly runId: string;
  /** Name of the node: a number where there is a fixed number of nodes. */
  readonly node: string;
  /** Who handed the files out: a database, or a process of this machine (`run --local --queue`, `merge --run-missing`). */
  readonly served: 'database' | 'process';
  /** New for every process, so that a node that was restarted does not replace what it had written before. */
  readonly session: string;
  /** The machine as a person named it for `run --hosts`. */
  readonly host?: string;
}

/** Which run of an item of the queue a result is from. */
export interface QueueRunRecord {
  /** Attempt of the CI job, 1-based; a later one replaces an earlier one. */
  readonly attempt: number;
  /** 1-based within the attempt. */
  readonly claimNumber: number;
  /** Name of the item's part where it is one, also of a part whose tests are placed by hash. */
  readonly part: string | null;
  /** Told here, but run by another process of this node's name. */
  readonly inherited: boolean;
}

/** What a test file that is split over nodes saw and ran. */
export interface StoredSplit {
  /** Full names of all its tests in their order, repeated where tests share one. */
  readonly seen: readonly string[];
  /** Indices in `seen` of the tests that are this node's. */
  readonly mine: readonly number[];
}

/** A test result as Jest has it, in JSON; `coverage`, `v8Coverage` and `testExecError` are kept beside it. */
export interface StoredResult {
  readonly testFilePath: string;
  readonly numFailingTests: number;
  readonly numPassingTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly failureMessage?: string | null;
  readonly console?: Json;
  readonly perfStats: { readonly start: number; readonly end: number; readonly [key: string]: Json };
  readonly snapshot: StoredSnapshot;
  readonly testResults: readonly StoredTest[];
  readonly [key: string]: unknown;
}

export interface StoredTest {
  readonly fullName: string;
  readonly status: string;
  readonly duration?: number | null;
  readonly [key: string]: unknown;
}

/** What Jest says of the snapshots of a test file. */
export interface StoredSnapshot {
  readonly added: number;
  readonly fileDeleted: boolean;
  readonly matched: number;
  readonly unchecked: number;
  readonly uncheckedKeys: readonly string[];
  readonly unmatched: number;
  readonly updated: number;
}

/** An Error turns into `{}` in JSON, so its fields are carried one by one. */
export interface StoredError {
  readonly message: string;
  readonly stack: string;
  readonly name?: string;
  readonly code?: Json;
  readonly type?: Json;
}

/** Istanbul's coverage data by source file, or V8's list, as Jest has them. */
export interface StoredCoverage {
  readonly babel: { readonly [path: string]: JsonObject } | null;
  readonly v8: readonly V8Entry[] | null;
}

export interface V8Entry {
  readonly result: { readonly url: string; readonly [key: string]: unknown };
  /** Null where the file was not transformed. `sourceMap` is the content of the map, not a path. */
  readonly transform: V8Transform | null;
}

export interface V8Transform {
  readonly code: string;
  readonly originalCode: string;
  readonly wrapperLength: number | null;
  readonly sourceMap: Json;
}

/**
 * The start of one test: an index into `result.testResults` (or what was reported, where no test has that name), the number
 * of `cases` before it, when it was (milliseconds since 1970), and its mode where it has one.
 */
export type CaseStart = readonly [
  test: number | JsonObject,
  at: number,
  startedAt?: number | null,
  mode?: string | null,
];

/** One test file run by this node. */
export interface FileRecord {
  readonly file: TestFile;
  /** Names of the parts that ran here where the file is split, else null. */
  readonly parts: readonly string[] | null;
  readonly startMs: number;
  /** From the start of the file to its result, module loading included. */
  readonly wallMs: number;
  /** Jest worker that ran it, 1-based, where it is known. */
  readonly worker: number | null;
  /**
   * Which process of that worker, from 1: Jest starts one anew that ran out of memory or died. Null or absent where nobody
   * knows.
   */
  readonly workerProcess?: number | null;
  readonly split: StoredSplit | null;
  /** What `onTestCaseResult` reported, in that order: an index into `result.testResults`, or the case where it differs. */
  readonly cases: readonly (number | JsonObject)[];
  /** What `onTestCaseStart` reported, in that order; absent where it was not called. */
  readonly starts?: readonly CaseStart[];
  readonly result: StoredResult;
  readonly execError: StoredError | null;
  readonly coverage: StoredCoverage;
  /** Null or absent: no queue. */
  readonly queue?: QueueRunRecord | null;
}

export type EndState =
  | 'complete'
  /** Stopped by a person or by the CI. */
  | 'interrupted'
  /** Stopped by `--bail`. */
  | 'bailed';

/** Jest's run is over; its process may still end badly. */
export interface EndRecord {
  readonly state: EndState;
  readonly endMs: number;
  readonly wallMs: number;
  /** Number of `file` lines before it: a hole in the middle cannot pass unseen. */
  readonly files: number;
  /** What went wrong outside any test file. */
  readonly errors: readonly StoredError[];
  /** Jest's own totals, for reports. */
  readonly snapshot: JsonObject;
  /** Snapshot files whose test file is gone. */
  readonly obsoleteSnapshotFiles: readonly string[];
  /** Null or absent: no queue. */
  readonly queue?: QueueEndRecord | null;
}

/** Last line of a blob: how the process ended. */
export interface ExitRecord {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  /** Why it ended badly where that is not for a failed test, a clause each; none where the process itself does not know. */
  readonly reasons: readonly string[];
  /** What ran when the process ended before its run was over, as people read it. */
  readonly running?: readonly string[];
}

/** How the queue stood when a node left it; items as people read them. */
export interface QueueEndRecord {
  /** Every item of all nodes had an accepted result. */
  readonly finished: boolean;
  readonly cancelledBy: string | null;
  /** Failed here and sent to another node: in no report. */
  readonly retried: readonly string[];
  /** Ran here while another node's result was accepted: in no report. */
  readonly superseded: readonly string[];
  /** Passed here after failures. */
  readonly flaky: readonly string[];
}

/** Metadata as its writer states it; the writer of the blob adds the format. */
export type BlobHeader = Omit<BlobMetadata, 'format'>;
/** The end as its writer states it; the writer of the blob counts the files. */
export type BlobEnd = Omit<EndRecord, 'files'>;
