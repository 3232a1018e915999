/** Small runs of blobs for the tests of results. */

import type { BlobEnd, BlobHeader, ExitRecord, FileRecord, JobRecord, StoredResult } from '../../src/blob/blob';
import { createBlobEncoder, type FileLine, parseBlobLine } from '../../src/blob/blob-lines';
import { type BlobSummary, createInterner, type Interner, summariseBlob } from '../../src/blob/blob-summary';
import type { TreeRecord } from '../../src/blob/tree-line';
import type { Run } from '../../src/node/run';
import type { TestFile } from '../../src/plan/item';
import type { Plan } from '../../src/plan/plan';

export const START_MS = 1_750_000_000_000;

export const fileOf = (path: string): TestFile => ({ project: null, path });

export interface PlannedPiece {
  readonly path: string;
  readonly part?: string;
  readonly node: number;
  readonly estimate?: number;
}

export function planOf(pieces: readonly PlannedPiece[], nodes: number, digest = 'd1'): Plan {
  return {
    version: 1,
    strategy: 'bounded-ring',
    hashBy: 'file',
    workers: 1,
    unit: 'ms',
    digest,
    balance: 1,
    makespan: 1,
    lowerBound: 1,
    nodes: Array.from({ length: nodes }, (_, index) => ({
      node: index + 1,
      load: 1,
      items: pieces
        .filter(({ node }) => node === index + 1)
        .map(({ path, part = null, estimate = 100 }) => ({
          file: path,
          project: null,
          part,
          estimate: estimate,
          reason: 'home' as const,
        })),
    })),
  };
}

/** Outside a CI, where nothing is said of it. */
export const runOf = (change: Partial<Run> = {}): Run => ({
  ...{ id: '77', attempt: 1, source: '--run-id', rerun: 'person', unknownIn: null },
  ...change,
});

export const labelled = (label: string | null): JobRecord => ({
  packageName: 'web',
  packageDir: '',
  rootDir: '',
  label,
});

export function headerOf(
  node: number,
  plan: Plan | null,
  found: readonly string[],
  change: Partial<BlobHeader> = {},
): BlobHeader {
  return {
    packageVersion: '0.1.0',
    run: runOf(),
    job: { packageName: 'web', packageDir: '', rootDir: '', label: null },
    call: { digest: '5f0c2a9100000000', text: 'jest' },
    node: { number: node, nodes: plan?.nodes.length ?? 1, source: '--nodes and --node-number' },
    blobId: `blob-${node}`,
    jobId: `job-${node}`,
    jobName: null,
    provider: null,
    startMs: START_MS,
    plan,
    planInputs: { testNamePattern: null },
    found: found.map(fileOf),
    disabled: null,
    provable: { ok: true },
    coverageProvider: null,
    commit: 'c0ffee',
    commitTree: '7ree',
    jestVersion: '30.5.2',
    nodeVersion: 'v22.12.0',
    host: `host-${node}`,
    platform: 'linux',
    ...change,
  };
}

export function resultOf(path: string, names: readonly string[] = ['works']): StoredResult {
  return {
    testFilePath: `<jd:rootDir>/${path}`,
    numFailingTests: 0,
    numPassingTests: names.length,
    numPendingTests: 0,
    numTodoTests: 0,
    failureMessage: null,
    leaks: false,
    perfStats: { start: START_MS, end: START_MS + 10, runtime: 10, slow: false },
    skipped: false,
    snapshot: { added: 0, fileDeleted: false, matched: 0, unchecked: 0, uncheckedKeys: [], unmatched: 0, updated: 0 },
    testResults: names.map((fullName) => ({
      fullName,
      title: fullName,
      ancestorTitles: [],
      status: 'passed',
      duration: 1,
      failureDetails: [],
      failureMessages: [],
    })),
  };
}

export function recordOf(path: string, change: Partial<FileRecord> = {}): FileRecord {
  return {
    file: fileOf(path),
    parts: null,
    startMs: START_MS,
    wallMs: 10,
    worker: null,
    split: null,
    cases: [0],
    result: resultOf(path),
    execError: null,
    coverage: { babel: null, v8: null },
    ...change,
  };
}

/** A part of a split file: what it saw, and the names of what it ran. */
export function partOf(
  path: string,
  parts: readonly string[] | null,
  seen: readonly string[],
  names: readonly string[],
): FileRecord {
  const left = new Map<string, number[]>();
  for (const [index, name] of seen.entries()) left.set(name, [...(left.get(name) ?? []), index]);
  const mine = names.map((name) => left.get(name)?.shift() ?? seen.length);
  return recordOf(path, {
    parts,
    split: { seen, mine },
    result: resultOf(path, names),
    cases: names.map((_, index) => index),
  });
}

export const endOf = (change: Partial<BlobEnd> = {}): BlobEnd => ({
  state: 'complete',
  endMs: START_MS + 1000,
  wallMs: 1000,
  errors: [],
  snapshot: {},
  obsoleteSnapshotFiles: [],
  ...change,
});

export const exitOf = (change: Partial<ExitRecord> = {}): ExitRecord => ({
  code: 0,
  signal: null,
  reasons: [],
  ...change,
});

export interface BlobParts {
  readonly header: BlobHeader;
  readonly files: readonly FileRecord[];
  readonly end: BlobEnd | null;
  /** Default: one that says nothing, where there is an end. */
  readonly tree?: TreeRecord | null;
  /** Default: a good one, where there is an end. */
  readonly exit?: ExitRecord | null;
}

/** A checkout of which nothing is known that could differ. */
export const plainTree = ({ found }: Pick<BlobHeader, 'found'>): TreeRecord => ({
  dirty: false,
  algorithm: 'sha1',
  files: found.map(() => null),
  configs: [],
  settings: null,
});

export function textOf({ header, files, end, tree, exit = end === null ? null : exitOf() }: BlobParts): string {
  const encoder = createBlobEncoder(header);
  const body = files.map((file) => encoder.file(file)).join('');
  const held = tree === undefined && end !== null ? plainTree(header) : tree;
  const checkout = held ? encoder.tree(held) : '';
  const ending = (end === null ? '' : encoder.end(end)) + (exit === null ? '' : encoder.exit(exit));
  return encoder.header + body + checkout + ending;
}

/** As reading the blob's lines would make it. */
export function summaryOf(path: string, parts: BlobParts, interner: Interner = createInterner()): BlobSummary {
  const lines = textOf(parts).trim().split('\n');
  const [head, inputs, ...parsed] = lines.map((line, index) => parseBlobLine(line, { file: path, line: index + 1 }));
  if (head?.kind !== 'run' || inputs?.kind !== 'inputs') throw new Error('no header');
  const builder = summariseBlob(path, { ...head.identity, ...inputs.inputs }, interner);
  for (const line of parsed) if (line.kind === 'file') builder.file(line.file satisfies FileLine);
  for (const line of parsed) if (line.kind === 'tree') builder.tree(line.tree);
  const end = parsed.find((line) => line.kind === 'end');
  const exit = parsed.find((line) => line.kind === 'exit');
  return builder.finish({
    end: end?.kind === 'end' ? end.end : null,
    exit: exit?.kind === 'exit' ? exit.exit : null,
    isTruncated: false,
  });
}
