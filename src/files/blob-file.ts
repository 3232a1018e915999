/**
 * Writes a node's blob, one append a test file, so that kill -9 costs no more than the file that was running.
 *
 * Until its last line the blob is called `….jsonl.partial`: a half-written one says so by name and by content.
 */
import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { BlobEnd, BlobHeader, FileRecord } from '../results/blob';
import { createBlobEncoder } from '../results/blob-lines';

export const BLOB_SUFFIX = '.jsonl';
export const PARTIAL_SUFFIX = '.jsonl.partial';

/** Label of the blob's folder where the run has none. */
const NO_LABEL = 'default';

/** A name as one segment of a path: what any file system may refuse becomes `-`. */
function segment(name: string): string {
  const safe = name.replace(/[^\w.+=@-]/g, '-').slice(0, 100);
  // `.` and `..` would lead elsewhere.
  return /^\.*$/.test(safe) ? `_${safe}` : safe;
}

/**
 * Path of a node's blob: `<dir>/<run id>/<label>/node-3-of-4.attempt-1.jsonl`; of a queue's node
 * `node-3.attempt-1.1b9d6bcd.jsonl`, because what a node of that name ran before it was restarted counts too.
 *
 * @param directory the report dir.
 */
export function blobPath(
  directory: string,
  { run, label, node, queue }: Pick<BlobHeader, 'run' | 'label' | 'node' | 'queue'>,
): string {
  const who = queue ? segment(queue.node) : `${node.number}-of-${node.nodes}`;
  const which = queue ? `.${segment(queue.session).slice(0, 8)}` : '';
  const name = `node-${who}.attempt-${run.attempt}${which}${BLOB_SUFFIX}`;
  return path.join(directory, segment(run.id), segment(label ?? NO_LABEL), name);
}

/** All calls are synchronous: Jest ends the process inside a listener when it bails. */
export interface BlobWriter {
  /** Where the blob will be once it is whole. */
  readonly path: string;
  file(record: FileRecord): void;
  /** Ends the blob; nothing can be written after it. */
  end(record: BlobEnd): void;
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
  const partial = file.slice(0, -BLOB_SUFFIX.length) + PARTIAL_SUFFIX;
  mkdirSync(path.dirname(file), { recursive: true });
  rmSync(file, { force: true });
  const descriptor = openSync(partial, 'w');
  const encoder = createBlobEncoder(header);
  writeWhole(descriptor, encoder.header);
  return {
    path: file,
    file: (record) => writeWhole(descriptor, encoder.file(record)),
    end: (record) => {
      writeWhole(descriptor, encoder.end(record));
      closeSync(descriptor);
      renameSync(partial, file);
    },
  };
}
