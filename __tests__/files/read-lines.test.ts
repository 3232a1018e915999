import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { type RawLine, readLines } from '../../src/files/read-lines';

const folder = mkdtempSync(path.join(tmpdir(), 'read-lines-'));
const file = path.join(folder, 'blob.jsonl');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function linesOf(text: string): RawLine[] {
  writeFileSync(file, text);
  const descriptor = openSync(file, 'r');
  try {
    return [...readLines(descriptor, file)];
  } finally {
    closeSync(descriptor);
  }
}

/** What is read at a time. */
const CHUNK = 1 << 20;

describe('lines of a file', () => {
  test('with their places in bytes; the last may lack its end', () => {
    expect(linesOf('a\näö\n\nend')).toEqual([
      { text: 'a', offset: 0, bytes: 1, isWhole: true },
      { text: 'äö', offset: 2, bytes: 4, isWhole: true },
      { text: '', offset: 7, bytes: 0, isWhole: true },
      { text: 'end', offset: 8, bytes: 3, isWhole: false },
    ]);
    expect(linesOf('')).toEqual([]);
    expect(linesOf('one\n')).toEqual([{ text: 'one', offset: 0, bytes: 3, isWhole: true }]);
  });

  test('longer than what is read at a time are put together', () => {
    const long = 'x'.repeat(2 * CHUNK + 5);
    expect(linesOf(`a\n${long}\nb\n`)).toEqual([
      { text: 'a', offset: 0, bytes: 1, isWhole: true },
      { text: long, offset: 2, bytes: long.length, isWhole: true },
      { text: 'b', offset: long.length + 3, bytes: 1, isWhole: true },
    ]);
  });

  test('that end with what is read at a time', () => {
    const long = 'x'.repeat(CHUNK - 1);
    expect(linesOf(`${long}\nb\n`).map(({ text, offset }) => [text.length, offset])).toEqual([
      [CHUNK - 1, 0],
      [1, CHUNK],
    ]);
  });

  test('a newline of the piece before is none of the last piece', () => {
    // The second piece has ten bytes, and the first had a newline right behind that place.
    const start = `${'x'.repeat(10)}\n`;
    const rest = 'y'.repeat(CHUNK - start.length + 10);
    expect(linesOf(start + rest).map(({ text, isWhole }) => [text.length, isWhole])).toEqual([
      [10, true],
      [rest.length, false],
    ]);
  });
});
