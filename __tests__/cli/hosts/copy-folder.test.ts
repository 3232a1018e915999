/** Which copy of a checkout a run gets on a host. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type CopyFolder, openCopyFolder, refusalAt } from '../../../src/cli/hosts/agent/copy-folder';

let directory: string;
let opened: CopyFolder[];
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'jdc-'));
  opened = [];
});
afterEach(() => {
  for (const { release } of opened) release();
  rmSync(directory, { recursive: true });
});

async function open(waitMs: number, isAgain = false): Promise<string> {
  const owner = { user: 'ann', host: 'laptop', checkout: '/shop' };
  const copy = await openCopyFolder({ directory, name: 'shop', owner, path: [], env: {}, leaseMs: 1, isAgain, waitMs });
  opened.push(copy);
  return path.basename(copy.path);
}

test('a second run at once gets a copy of its own, after a wait only where it must be made first', async () => {
  expect(await open(0)).toBe('copy-1');
  expect(await open(0)).toBe('copy-2');
  const [first, second] = opened as [CopyFolder, CopyFolder];
  writeFileSync(second.installed, '{}');
  second.release();
  // The limit of the test is far below that wait.
  expect(await open(60_000)).toBe('copy-2');
  // Nothing was made there yet: it is waited for the end of another.
  const third = open(60_000);
  first.release();
  expect(await third).toBe('copy-1');
});

test('a run that comes again waits for its own copy, although there is another', async () => {
  expect(await open(0)).toBe('copy-1');
  expect(await open(0)).toBe('copy-2');
  const [first, second] = opened as [CopyFolder, CopyFolder];
  writeFileSync(second.installed, '{}');
  second.release();
  const again = open(60_000, true);
  first.release();
  expect(await again).toBe('copy-1');
});

test('why nothing can be written below a folder', () => {
  const file = path.join(directory, 'file');
  writeFileSync(file, '');
  expect(refusalAt(path.join(directory, 'not', 'yet'))).toBeNull();
  expect(refusalAt(path.join(file, 'below'))).toBe(`${file} is no folder`);
});
