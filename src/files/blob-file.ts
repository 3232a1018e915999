/**
 * Writes a node's blob, one append a test file, so that kill -9 costs no more than the file that was running.
 *
 * Until its process has ended the blob is called `….jsonl.partial`: a half-written one says so by name and by content.
 */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { BlobEnd, BlobHeader, ExitRecord, FileRecord, JobRecord } from '../blob/blob';
import { createBlobEncoder } from '../blob/blob-lines';
import { folderName } from '../blob/folder-name';
import type { TreeRecord } from '../blob/tree-line';
import type { TryRecord } from '../blob/try-record';
import { DistributedError } from '../errors';
import { makeFolder } from './own-folder';
import { readLines } from './read-lines';

// Taken when this module is loaded: in band a test that replaces members of `fs` replaces them for us too.
const { closeSync, existsSync, openSync, renameSync, rmSync, writeSync } = fs;

export const BLOB_SUFFIX = '.jsonl';
export const PARTIAL_SUFFIX = '.jsonl.partial';

/** A name as one segment of a path: what any file system may refuse becomes `-`. */
function segment(name: string): string {
  const safe = name.replace(/[^\w.+=@-]/g, '-').slice(0, 100);
  // `.` and `..` would lead elsewhere.
  return /^\.*$/.test(safe) ? `_${safe}` : safe;
}

/** Folder of a job without a label that is the repository's own: package and Jest root are its top. */
const ONLY_JOB = 'default';

/**
 * A job as one segment of a path, by the job alone where it is the only one of its repository, else with a digest.
 *
 * @param isShared another job has left its blob under the plain name: without a repository nobody knows whether other
 *   packages lie beside this one.
 */
function jobSegment({ packageName, packageDir, rootDir, label }: JobRecord, isShared: boolean): string {
  const isOnly = !(isShared || rootDir || packageDir);
  if (isOnly && label === null) return ONLY_JOB;
  if (isOnly && label !== ONLY_JOB && label === segment(label ?? '')) return label;
  const digest = createHash('sha256')
    .update(JSON.stringify([packageName, packageDir, rootDir, label]))
    .digest('hex')
    .slice(0, 12);
  const readable = label ?? packageName?.split('/').at(-1) ?? 'job';
  return `${segment(readable).slice(0, 40)}-${digest}`;
}

/** Hexadecimal digits of the call's digest that stand in a file name. */
const CALL_DIGITS = 8;

export type BlobPlace = Pick<BlobHeader, 'run' | 'job' | 'call' | 'node' | 'queue'>;

/** What Jest runs when it is asked for nothing in particular. */
const WHOLE_SUITE = 'jest';

/**
 * Path of a node's blob: `<dir>/<run id>/<job>/node-3-of-4.attempt-1.jsonl`, with the digest of the Jest call before its
 * end where a config, paths or names were given (`….5f0c2a91.jsonl`), so that no two calls of a run share a name even
 * when artifacts of several machines are put into one folder. Of a queue's node `node-3.attempt-1.1b9d6bcd.jsonl`: what
 * a node of that name ran before it was restarted counts too.
 *
 * @param directory the report dir.
 */
export function blobPath(directory: string, place: BlobPlace): string {
  const plain = pathOf(directory, place, false);
  const isOthers = [plain, partialOf(plain)].some((file) => {
    const other = headOf(file)?.job;
    return other !== undefined && !isDeepStrictEqual(other, place.job);
  });
  return isOthers ? pathOf(directory, place, true) : plain;
}

function pathOf(directory: string, { run, job, call, node, queue }: BlobPlace, isShared: boolean): string {
  const who = queue ? segment(queue.node) : `${node.number}-of-${node.nodes}`;
  const which = queue ? `.${segment(queue.session).slice(0, 8)}` : '';
  const what = call.text === WHOLE_SUITE ? '' : `.${segment(call.digest).slice(0, CALL_DIGITS)}`;
  const name = `node-${who}.attempt-${run.attempt}${what}${which}${BLOB_SUFFIX}`;
  return path.join(directory, folderName(run.id), jobSegment(job, isShared), name);
}

/**
 * Refuses to run a node whose whole blob is there already, where no person can have started it again: another job has
 * the same number, or the results of the first start would be replaced without a word.
 *
 * @throws DistributedError `RESULT_ALREADY_THERE`.
 */
export function refuseSecondResult(directory: string, header: BlobPlace & Pick<BlobHeader, 'jobId'>): void {
  const { run, node } = header;
  // What was found under no known run may be anybody's, and the merge will not take it for this run's.
  if (run.rerun === 'person' || run.unknownIn !== null || header.queue) return;
  const file = blobPath(directory, header);
  if (!existsSync(file)) return;
  if (run.rerun === 'job' && headOf(file)?.jobId !== header.jobId) return;
  throw new DistributedError({
    code: 'RESULT_ALREADY_THERE',
    message: `The result of node ${node.number} of run ${run.id}, attempt ${run.attempt}, already exists: ${path.relative(process.cwd(), file)}.`,
    remedy:
      'If this is another start of the same tests, give it another --attempt (JEST_DISTRIBUTED_ATTEMPT); if these are other tests or another variant of them, give each a --label (JEST_DISTRIBUTED_LABEL).',
  });
}

/** What the first line of a blob says; undefined where there is none, or none that can be read. */
function headOf(file: string): Partial<BlobHeader> | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    const [first] = readLines(descriptor, file);
    return first === undefined ? undefined : (JSON.parse(first.text) as Partial<BlobHeader>);
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

const partialOf = (file: string): string => file.slice(0, -BLOB_SUFFIX.length) + PARTIAL_SUFFIX;

/** All calls are synchronous: nothing else is possible while a process ends, and Jest ends it inside a listener when it bails. */
export interface BlobWriter {
  /** Where the blob will be once it is whole. */
  readonly path: string;
  file(record: FileRecord): void;
  try(record: TryRecord): void;
  tree(record: TreeRecord): void;
  /** Jest's run is over. */
  end(record: BlobEnd): void;
  /**
   * Ends the blob: nothing can be written after it. It gets its final name where the run was over before; else it stays
   * the blob of a node that was cut short.
   */
  exit(record: ExitRecord): void;
}

function writeWhole(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  let written = 0;
  while (written < bytes.length) written += writeSync(descriptor, bytes, written);
}

/**
 * Begins a node's blob in the report dir; a blob that a former run of the same node left there is replaced at once, so
 * that its results cannot pass for this run's.
 *
 * @param directory the report dir; made where it does not exist.
 */
export function openBlob(directory: string, header: BlobHeader): BlobWriter {
  const file = blobPath(directory, header);
  const partial = partialOf(file);
  makeFolder(path.dirname(file));
  rmSync(file, { force: true });
  const descriptor = openSync(partial, 'w');
  const encoder = createBlobEncoder(header);
  writeWhole(descriptor, encoder.header);
  let isOver = false;
  return {
    path: file,
    file: (record) => writeWhole(descriptor, encoder.file(record)),
    try: (record) => writeWhole(descriptor, encoder.try(record)),
    tree: (record) => writeWhole(descriptor, encoder.tree(record)),
    end: (record) => {
      writeWhole(descriptor, encoder.end(record));
      isOver = true;
    },
    exit: (record) => {
      writeWhole(descriptor, encoder.exit(record));
      closeSync(descriptor);
      if (isOver) renameSync(partial, file);
    },
  };
}
