/** What hooks and fixtures print, as far as a message shows it. */
import * as fs from 'node:fs';

const { closeSync, fstatSync, openSync, readSync } = fs;

/** Bytes at either end: enough for a stack trace, little enough for a log. */
const HEAD = 2_000;
const TAIL = 6_000;

function readRange(fd: number, from: number, length: number): string {
  const buffer = Buffer.alloc(length);
  return buffer.toString('utf8', 0, readSync(fd, buffer, 0, length, from));
}

const sizeText = (bytes: number): string =>
  bytes < 10_000
    ? `${bytes} bytes`
    : bytes < 1_000_000
      ? `${Math.round(bytes / 1000)} kB`
      : `${(bytes / 1e6).toFixed(1)} MB`;

/**
 * The text that was written to a file, without the middle where it is long.
 *
 * @param from byte.
 */
export function readOutput(file: string, from = 0): string {
  try {
    const fd = openSync(file, 'r');
    try {
      const length = fstatSync(fd).size - from;
      if (length <= HEAD + TAIL) return readRange(fd, from, Math.max(0, length)).trimEnd();
      const left = sizeText(length - HEAD - TAIL);
      const head = readRange(fd, from, HEAD);
      return `${head}\n… ${left} left out …\n${readRange(fd, from + length - TAIL, TAIL)}`.trimEnd();
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}

/** Bytes in a file now; 0 where there is none. */
export function sizeOf(file: string): number {
  try {
    return fs.statSync(file).size;
  } catch {
    return 0;
  }
}

/** The output as lines below a fact; nothing where there is none. */
export const outputBlock = (output: string): string =>
  output === ''
    ? ''
    : `\n${output
        .split('\n')
        .map((line) => `  | ${line}`)
        .join('\n')}`;
