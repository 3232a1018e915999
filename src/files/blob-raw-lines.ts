/**
 * Lines of a file with their places in it, a chunk at a time.
 */
import { readSync } from 'node:fs';

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

export function* readLines(descriptor: number): Generator<RawLine> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let pending: Buffer[] = [];
  let lineOffset = 0;
  let position = 0;
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
      from = newline + 1;
      lineOffset = position + from;
    }
    if (from < count) pending.push(Buffer.from(chunk.subarray(from, count)));
    position += count;
  }
  const rest = Buffer.concat(pending);
  if (rest.length > 0) yield { text: rest.toString('utf8'), offset: lineOffset, bytes: rest.length, isWhole: false };
}
