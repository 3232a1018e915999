import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { touchStatusFile } from '../../src/files/shard-status-file';

const folder = mkdtempSync(path.join(tmpdir(), 'jd-status-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('makes the file, and its folder', () => {
  const file = path.join(folder, 'new/status');
  touchStatusFile(file);
  expect(readFileSync(file, 'utf8')).toBe('');
});

test('sets the time of a file that is there, and leaves its content', () => {
  const file = path.join(folder, 'old');
  writeFileSync(file, 'kept');
  utimesSync(file, 1, 1);
  touchStatusFile(file);
  expect(readFileSync(file, 'utf8')).toBe('kept');
  expect(statSync(file).mtimeMs).toBeGreaterThan(1_000_000);
});

test('says what stands in the way', () => {
  expect(() => touchStatusFile(folder)).toThrow(
    expect.objectContaining({
      code: 'STATUS_FILE_UNWRITABLE',
      message: expect.stringContaining(
        `The shard status file ${folder} (from TEST_SHARD_STATUS_FILE) cannot be created: EISDIR.`,
      ),
    }),
  );
});
