/**
 * What the proof needs of each blob, and nothing more: results, consoles and coverage pass by and are not kept.
 *
 * Lists that all nodes say alike (files found, the plan, tests seen in a split file) are kept once.
 */
import { fileKey } from '../plan/item';
import type { BlobMetadata, EndRecord } from './blob';
import type { FileLine } from './blob-lines';

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
  readonly split: SplitRun | null;
}

export interface BlobSummary {
  readonly path: string;
  readonly metadata: BlobMetadata;
  readonly runs: readonly FileRun[];
  readonly end: EndRecord | null;
  readonly isTruncated: boolean;
  /** When it ended, or the last that is known of it, milliseconds since 1970. */
  readonly lastMs: number;
}

export interface SummaryBuilder {
  file(line: FileLine): void;
  finish(end: EndRecord | null, isTruncated: boolean): BlobSummary;
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

const EXECUTED = new Set(['passed', 'failed']);

/** Takes names out of a multiset one by one. */
function createBag(names: readonly string[]): { take: (name: string) => number | undefined; rest: () => number[] } {
  const places = new Map<string, number[]>();
  names.forEach((name, index) => {
    const list = places.get(name);
    if (list === undefined) places.set(name, [index]);
    else list.push(index);
  });
  for (const list of places.values()) list.reverse();
  return {
    take: (name) => places.get(name)?.pop(),
    rest: () => [...places.values()].flat(),
  };
}

function summariseSplit({ split, result, execError }: FileLine, interner: Interner): SplitRun | null {
  if (split === null) return null;
  const seen = interner.intern<SeenTests>('seen', { names: split.seen });
  const sight = createBag(seen.names);
  const mine: number[] = [];
  const unaccounted: string[] = [];
  for (const name of split.mine) {
    const index = sight.take(name);
    if (index === undefined) unaccounted.push(name);
    else mine.push(index);
  }
  const results = createBag(split.mine);
  const stray: string[] = [];
  for (const { fullName, status } of result.testResults) {
    if (results.take(fullName) === undefined && EXECUTED.has(status)) stray.push(fullName);
  }
  // A file that failed to load has no results, and is red by itself.
  if (execError === null) unaccounted.push(...results.rest().map((index) => split.mine[index] as string));
  return { seen, mine, unaccounted, stray };
}

export function summariseBlob(path: string, metadata: BlobMetadata, interner: Interner): SummaryBuilder {
  const runs: FileRun[] = [];
  let lastMs = metadata.startMs;
  return {
    file(line) {
      runs.push({
        key: fileKey(line.file),
        parts: line.parts,
        tests: line.result.testResults.length,
        hasExecError: line.execError !== null,
        split: summariseSplit(line, interner),
      });
      lastMs = Math.max(lastMs, line.startMs + line.wallMs);
    },
    finish(end, isTruncated) {
      const shared = {
        ...metadata,
        found: interner.intern('found', metadata.found),
        plan: interner.intern('plan', metadata.plan),
      };
      return { path, metadata: shared, runs, end, isTruncated, lastMs: end?.endMs ?? lastMs };
    },
  };
}
