import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { claimSlice, offerSlices } from '../../../../src/jest/split/slices/slice-locks';
import type { FileSelection } from '../../../../src/select/file-selection';

let folder: string;
const sliceOf = (node: number): FileSelection => ({ mode: 'test', file: { project: null, path: 'a' }, nodes: 3, node });
const slices = [1, 2, 3].map(sliceOf);

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'claims-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a file that is not shared has nothing to claim', () => {
  const selection = path.join(folder, 'none');
  offerSlices(selection, 'p', '/a', slices);
  expect(claimSlice(selection, 'p', '/b')).toBeUndefined();
  expect(claimSlice(selection, 'q', '/a')).toBeUndefined();
});

test('every slice is claimed once, and one claim too many is an error', () => {
  const selection = path.join(folder, 'once');
  offerSlices(selection, 'p', '/a', slices);
  expect(slices.map(() => claimSlice(selection, 'p', '/a')?.selection)).toEqual(slices);
  expect(() => claimSlice(selection, 'p', '/a')).toThrow('/a is shared among 3 workers, but one more got it');
});

test('what a dead process left undone is claimed again, once; what it has done is not', async () => {
  const selection = path.join(folder, 'dead');
  offerSlices(selection, 'p', '/a', slices);
  const [first, second, third] = slices.map(() => claimSlice(selection, 'p', '/a'));
  first?.settle();
  // As if another process had claimed them, which is gone by now.
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.on('exit', resolve));
  const { readdirSync, writeFileSync } = await import('node:fs');
  const [claims] = readdirSync(`${selection}.slices`).map((name) => path.join(`${selection}.slices`, name));
  for (const index of [0, 1]) writeFileSync(path.join(claims as string, String(index)), String(child.pid));
  expect(claimSlice(selection, 'p', '/a')?.selection).toEqual(second?.selection);
  expect(() => claimSlice(selection, 'p', '/a')).toThrow('one of them died before it finished');
  third?.settle();
});
