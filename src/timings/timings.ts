/**
 * What is known of past runs: how long each file and test took, and which node each file was on.
 *
 * Plain data; only the tests of a file may be read when they are asked for, because those of 200,000 tests take a second
 * to parse and planning whole files needs none of them.
 */
import { fileKey, type TestFile } from '../plan/item';

/** Integer milliseconds by the full name of a test; tests of one name are one entry with their sum. */
export type TestDurations = ReadonlyMap<string, number>;

/** 1-based node by number of nodes: `{ 4: 2 }` means that of four nodes the second had it. */
export type NodesByCount = Readonly<Record<number, number>>;

export interface FileTimings extends TestFile {
  /** Wall time in integer milliseconds; null where the file was placed but never measured. */
  readonly durationMs: number | null;
  /** @throws DistributedError where they are read only now and are damaged. */
  readonly tests: () => TestDurations;
  /** How many tests are known, without reading them. */
  readonly testCount: number;
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
export function emptyFileTimings({ project, path }: TestFile): FileTimings {
  return { project, path, durationMs: null, tests: () => noTests, testCount: 0, nodes: {}, parts: noParts };
}

/** The recorded duration of a file in milliseconds, or undefined. */
export function durationOf(timings: Timings, file: TestFile): number | undefined {
  return timings.files.get(fileKey(file))?.durationMs ?? undefined;
}

/** Orders strings by code unit: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
