/**
 * What the proof needs of each blob, and nothing more: results, consoles and coverage pass by and are not kept.
 *
 * Lists of tests that all nodes of a split file say alike are kept once.
 */
import { fileKey } from '../plan/item';
import type { BlobMetadata, EndRecord, ExitRecord, QueueRunRecord, StoredError } from './blob';
import type { FileLine } from './blob-lines';
import { itemName } from './item-name';
import type { TreeRecord } from './tree-line';

/** A list of tests that at least one node saw in a split file; equal lists are the same object. */
export interface SeenTests {
  readonly names: readonly string[];
}

export interface SplitRun {
  readonly seen: SeenTests;
  /** Indices into `seen.names`. */
  readonly mine: readonly number[];
  /** Names selected that the node says it did not see, or that have no result. */
  readonly unaccounted: readonly string[];
  /** Names that ran although the node says they are another's. */
  readonly stray: readonly string[];
}

/** A test file run by a node. */
export interface FileRun {
  readonly key: string;
  /** Null: the whole file. */
  readonly parts: readonly string[] | null;
  readonly tests: number;
  readonly hasExecError: boolean;
  /**
   * First line of the error where the file has no result of any test: it did not load, its worker died, it declares no
   * test. Null where it has results.
   */
  readonly brokenBy: string | null;
  /** It may have written inline snapshots into the test file itself. */
  readonly wroteSnapshots: boolean;
  /** It failed, or one of its tests did. */
  readonly failed: boolean;
  /** Null: no queue. */
  readonly queue: QueueRunRecord | null;
  /** Place of its record among those of the blob. */
  readonly index: number;
  readonly split: SplitRun | null;
}

export interface BlobSummary {
  readonly path: string;
  readonly metadata: BlobMetadata;
  readonly runs: readonly FileRun[];
  /** Number of records in the blob; of a queue, `runs` may be fewer. */
  readonly files: number;
  /** Of those, the ones that failed, or of which a test did. */
  readonly failedFiles: number;
  /** Files whose counts do not fit the results of their tests, as people read them: `a.test.js (0 failed, but 1 test says so)`. */
  readonly miscounted: readonly string[];
  readonly end: EndRecord | null;
  readonly exit: ExitRecord | null;
  /** Null where the node was cut short before it knew it. */
  readonly tree: TreeRecord | null;
  readonly isTruncated: boolean;
  /** Of a queue: a later attempt of this node is there too, so how this one ended decides nothing any more. */
  readonly isReplaced?: boolean;
  /** Of a queue: runs that a later attempt replaces, and which are not among `runs`. */
  readonly replacedRuns?: readonly FileRun[];
  /** What the database had kept of a blob that is not here; how its node ended is not known. */
  readonly isRecovered?: boolean;
  /** When it ended, or the last that is known of it, milliseconds since 1970. */
  readonly lastMs: number;
}

export interface SummaryBuilder {
  file(line: FileLine): void;
  tree(record: TreeRecord): void;
  finish(ending: Pick<BlobSummary, 'end' | 'exit' | 'isTruncated'>): BlobSummary;
}

/** Shares what many blobs say alike. */
export interface Interner {
  intern<T>(kind: string, value: T): T;
}

export function createInterner(): Interner {
  const known = new Map<string, unknown>();
  return {
    intern<T>(kind: string, value: T): T {
      const key = `${kind}\0${JSON.stringify(value)}`;
      const same = known.get(key);
      if (same !== undefined) return same as T;
      known.set(key, value);
      return value;
    },
  };
}

/** Longer lines are code that a transform quoted. */
const LONGEST_CAUSE = 200;

function firstLine({ message, stack }: StoredError): string {
  const lines = `${message}\n${stack}`.split('\n').map((line) => line.trim());
  const line = lines.find((one) => one !== '') ?? 'no error was given';
  return line.length > LONGEST_CAUSE ? `${line.slice(0, LONGEST_CAUSE)}…` : line;
}

const EXECUTED = new Set(['passed', 'failed']);

function summariseSplit({ split, result, execError }: FileLine, interner: Interner): SplitRun | null {
  if (split === null) return null;
  const seen = interner.intern<SeenTests>('seen', { names: split.seen });
  const mine = split.mine.filter((index) => index in seen.names);
  const unknown = split.mine.filter((index) => !(index in seen.names)).map((index) => `test number ${index + 1}`);
  const due = new Map<string, number>();
  for (const index of mine) {
    const name = seen.names[index] as string;
    due.set(name, (due.get(name) ?? 0) + 1);
  }
  const stray: string[] = [];
  for (const { fullName, status } of result.testResults) {
    const left = due.get(fullName) ?? 0;
    if (left > 0) due.set(fullName, left - 1);
    else if (EXECUTED.has(status)) stray.push(fullName);
  }
  // A file that failed to load has no results, and is red by itself.
  const silent = execError === null ? [...due].flatMap(([name, left]) => Array<string>(left).fill(name)) : [];
  return { seen, mine, unaccounted: [...unknown, ...silent], stray };
}

const countFailed = ({ result }: FileLine): number =>
  result.testResults.filter(({ status }) => status === 'failed').length;

function describeMiscount({ file, result }: FileLine, failed: number): string {
  return `${itemName(file, null)} (it counts ${result.numFailingTests} failed, its tests say ${failed})`;
}

export function summariseBlob(path: string, metadata: BlobMetadata, interner: Interner): SummaryBuilder {
  const runs: FileRun[] = [];
  const miscounted: string[] = [];
  let lastMs = metadata.startMs;
  let tree: TreeRecord | null = null;
  return {
    file(line) {
      const failed = countFailed(line);
      if (failed > line.result.numFailingTests) miscounted.push(describeMiscount(line, failed));
      runs.push({
        key: fileKey(line.file),
        parts: line.parts,
        tests: line.result.testResults.length,
        hasExecError: line.execError !== null,
        brokenBy: line.execError !== null && line.result.testResults.length === 0 ? firstLine(line.execError) : null,
        wroteSnapshots: line.result.snapshot.added + line.result.snapshot.updated > 0,
        failed: line.execError !== null || line.result.numFailingTests > 0 || failed > 0,
        queue: line.queue ?? null,
        index: runs.length,
        split: summariseSplit(line, interner),
      });
      lastMs = Math.max(lastMs, line.startMs + line.wallMs);
    },
    tree(record) {
      tree = record;
    },
    finish(ending) {
      const failedFiles = runs.filter(({ failed }) => failed).length;
      return {
        ...{ path, metadata, runs, files: runs.length, failedFiles, miscounted, tree },
        ...ending,
        lastMs: ending.end?.endMs ?? lastMs,
      };
    },
  };
}
