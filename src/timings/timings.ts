/**
 * What is known of past runs: how long each file and test took, and which node each file was on.
 *
 * Plain data. The tests of a file may still be unread text, because a store of 200,000 tests takes a tenth of a second
 * to parse in full while planning whole files needs none of it; `testsOf` reads them.
 */
import { fileKey, type TestFile } from '../plan/item';

/** The version this package writes. A newer minor only adds fields, so it can be read; a newer major cannot. */
export const timingsFormat = { major: 1, minor: 0 } as const;

/** Tests that stand in the store unread: from `start` to `end` its bytes are a JSON object from full name to milliseconds. */
export interface UnreadTests {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  /** Path of the store, for messages. */
  readonly source: string;
}

/** Integer milliseconds by the full name of a test; tests of one name are one entry with their sum. */
export type TestDurations = ReadonlyMap<string, number>;

/** 1-based node by number of nodes: `{ 4: 2 }` means that of four nodes the second had it. */
export type NodesByCount = Readonly<Record<number, number>>;

export interface FileTimings extends TestFile {
  /** Wall time in integer milliseconds; null where the file was placed but never measured. */
  readonly durationMs: number | null;
  readonly tests: TestDurations | UnreadTests;
  /** Where the whole file was. */
  readonly nodes: NodesByCount;
  /** Where its parts were, by part name, where it was split. */
  readonly parts: ReadonlyMap<string, NodesByCount>;
}

export interface Timings {
  /** Jest workers per node that the durations were recorded with; null where that is not known. */
  readonly workers: number | null;
  /** Numbers of nodes that have a recorded assignment, the most recently recorded first. */
  readonly assignments: readonly number[];
  /** By `fileKey`. */
  readonly files: ReadonlyMap<string, FileTimings>;
}

export const noTests: TestDurations = new Map();
export const noParts: ReadonlyMap<string, NodesByCount> = new Map();

/** The store of a suite that never ran. */
export const emptyTimings: Timings = { workers: null, assignments: [], files: new Map() };

/** An entry about which nothing is known yet. */
export function blankFile({ project, path }: TestFile): FileTimings {
  return { project, path, durationMs: null, tests: noTests, nodes: {}, parts: noParts };
}

/** The recorded duration of a file in milliseconds, or undefined. */
export function durationOf(timings: Timings, file: TestFile): number | undefined {
  return timings.files.get(fileKey(file))?.durationMs ?? undefined;
}

/** Orders strings by code unit: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
