import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readTimingsFile, writeTimingsFile } from '../../src/files/timings-file';
import { durationOf, emptyTimings, type Timings } from '../../src/timings/timings';
import { serializeTimings } from '../../src/timings/timings-format';
import { foldDurations } from '../../src/timings/update';

const a = { project: null, path: 'a.test.js' };
const isWindows = process.platform === 'win32';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'timings-'));
  file = path.join(folder, 'deep', 'er', 'timings.json');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function taking(durationMs: number): Timings {
  return foldDurations(emptyTimings, [{ ...a, durationMs, ok: true }]);
}

async function messageOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => new Error('(no error)'),
    (caught: Error) => caught,
  );
  return error.message.replaceAll(folder, '<folder>').replaceAll('\\', '/');
}

describe('reading', () => {
  test('what was written', async () => {
    await writeTimingsFile(file, taking(12));
    expect(durationOf((await readTimingsFile(file)) as Timings, a)).toBe(12);
  });

  test('a file that nobody asked for need not exist', async () => {
    expect(await readTimingsFile(file)).toBeUndefined();
  });

  test('a file that somebody named must exist', async () => {
    expect(await messageOf(readTimingsFile(file, '--timings'))).toBe(
      `jest-distributed: There is no timings file <folder>/deep/er/timings.json (from --timings).
  Correct the path, or remove the option: without timings the plan uses file sizes.`,
    );
  });

  test('a folder is no timings file', async () => {
    expect(await messageOf(readTimingsFile(folder))).toBe(
      `jest-distributed: The timings file <folder> cannot be read: it is a folder.
  Name a readable file with --timings.`,
    );
  });

  test('a damaged file is an error, also where nobody asked for it', async () => {
    await writeTimingsFile(file, taking(12));
    writeFileSync(file, readFileSync(file, 'utf8').replace('12', '-12'));
    expect(await messageOf(readTimingsFile(file))).toContain(
      'The timings file <folder>/deep/er/timings.json cannot be read: line 8: "ms" of "a.test.js" must be a whole number',
    );
  });
});

describe('writing', () => {
  test('leaves the file and nothing else', async () => {
    expect(await writeTimingsFile(file, taking(12))).toBe('written');
    expect(await writeTimingsFile(file, taking(99))).toBe('written');
    expect(readFileSync(file, 'utf8')).toBe(serializeTimings(taking(99)));
    expect(readdirSync(path.dirname(file))).toEqual(['timings.json']);
  });

  test.each([
    ['as it was', (text: string) => text],
    ['with the line ends of Windows', (text: string) => text.replaceAll('\n', '\r\n')],
  ])('leaves a file alone that says the same, %s', async (_, spell) => {
    await writeTimingsFile(file, taking(12));
    const before = spell(readFileSync(file, 'utf8'));
    writeFileSync(file, before);
    utimesSync(file, 1000, 1000);
    expect(await writeTimingsFile(file, taking(12))).toBe('unchanged');
    expect(statSync(file).mtimeMs).toBe(1_000_000);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  test('replaces a damaged file', async () => {
    await writeTimingsFile(file, taking(12));
    writeFileSync(file, '{');
    expect(await writeTimingsFile(file, taking(12))).toBe('written');
    expect(readFileSync(file, 'utf8')).toBe(serializeTimings(taking(12)));
  });

  (isWindows ? test.skip : test)('keeps mode and link', async () => {
    const real = path.join(folder, 'real.json');
    const link = path.join(folder, 'link.json');
    writeFileSync(real, '');
    chmodSync(real, 0o640);
    symlinkSync(real, link);
    await writeTimingsFile(link, taking(12));
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(statSync(real).mode & 0o777).toBe(0o640);
    expect(readFileSync(real, 'utf8')).toBe(serializeTimings(taking(12)));
  });

  test('says what stands in the way, and leaves no temporary file', async () => {
    const blocked = path.join(folder, 'file', 'timings.json');
    writeFileSync(path.join(folder, 'file'), '');
    expect(await messageOf(writeTimingsFile(blocked, taking(12)))).toMatch(
      /^jest-distributed: The timings file <folder>\/file\/timings\.json cannot be written: (ENOTDIR|EEXIST|ENOENT)\.\n {2}Make its folder writable, or name another file with --timings\.$/,
    );
    mkdirSync(file, { recursive: true });
    await expect(writeTimingsFile(file, taking(12))).rejects.toThrow('cannot be written: EISDIR.');
    expect(readdirSync(path.dirname(file))).toEqual(['timings.json']);
  });
});
