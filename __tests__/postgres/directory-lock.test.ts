import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { lockDirectory } from '../../src/postgres/directory-lock';

const folder = mkdtempSync(path.join(tmpdir(), 'jd-lock-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a directory has one owner, who is named', () => {
  const directory = path.join(folder, 'one/queue');
  const unlock = lockDirectory(directory);
  expect(() => lockDirectory(directory)).toThrow(
    expect.objectContaining({
      code: 'QUEUE_DIRECTORY_IN_USE',
      message: expect.stringContaining(`${directory} belongs to process ${process.pid} that is still running`),
    }),
  );
  unlock();
  lockDirectory(directory)();
});

test('the lock of a process that is gone is taken over', () => {
  const directory = path.join(folder, 'two');
  const { pid } = spawnSync(process.execPath, ['-e', '0']);
  writeFileSync(`${directory}.lock`, String(pid));
  lockDirectory(directory)();
});
