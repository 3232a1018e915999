/**
 * Lines of a file with their places in it, a chunk at a time.
 */
import { readSync } from 'node:fs';
import { DistributedError } from '../errors';

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 0x0a;

export interface RawLine {
  readonly text: string;
  /** In bytes from the start of the file. */
  readonly offset: number;
  readonly bytes: number;
  /** It ends with a newline. */
  readonly isWhole: boolean;
}

/** A line with the results of one test file, consoles included, or the files of a suite; V8's longest string is 512 MiB. */
const LONGEST_LINE_BYTES = 128 << 20;

function tooLong(file: string, line: number): DistributedError {
  return new DistributedError({
    code: 'BLOB_CORRUPT',
    message: `Line ${line} of the blob ${file} is longer than ${LONGEST_LINE_BYTES >> 20} MiB.`,
    remedy:
      'The upload is broken, or the file is no blob: download the artifact of this node again. If a test file prints that much, reduce its output.',
  });
}

/**
 * @param file for messages.
 * @throws DistributedError `BLOB_CORRUPT` where a line is longer than any that a node writes; no more of it is read.
 */
export function* readLines(descriptor: number, file: string): Generator<RawLine> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let pending: Buffer[] = [];
  let lineOffset = 0;
  let position = 0;
  let number = 1;
  for (;;) {
    const count = readSync(descriptor, chunk, 0, CHUNK_BYTES, position);
    if (count === 0) break;
    let from = 0;
    for (;;) {
      const newline = chunk.indexOf(NEWLINE, from);
      if (newline === -1 || newline >= count) break;
      pending.push(chunk.subarray(from, newline));
      const line = pending.length === 1 ? (pending[0] as Buffer) : Buffer.concat(pending);
      yield { text: line.toString('utf8'), offset: lineOffset, bytes: line.length, isWhole: true };
      pending = [];
      number += 1;
      from = newline + 1;
      lineOffset = position + from;
    }
    if (from < count) pending.push(Buffer.from(chunk.subarray(from, count)));
    position += count;
    if (position - lineOffset > LONGEST_LINE_BYTES) throw tooLong(file, number);
  }
  const rest = Buffer.concat(pending);
  if (rest.length > 0) yield { text: rest.toString('utf8'), offset: lineOffset, bytes: rest.length, isWhole: false };
}
