import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { writeOutput } from '../../src/files/output-file';

test('a file is written whose folder is not there yet, and one that cannot be is named with the reason', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'output-'));
  const file = path.join(folder, 'a', 'b', 'plan.json');
  writeOutput(file, '{}');
  expect(readFileSync(file, 'utf8')).toBe('{}');
  writeFileSync(path.join(folder, 'taken'), '');
  for (const place of ['taken/plan.json', 'taken/deeper/plan.json']) {
    const below = path.join(folder, place);
    expect(() => writeOutput(below, '')).toThrow(`${below} cannot be written: its folder is a file.`);
  }
  expect(() => writeOutput(folder, '')).toThrow(`${folder} cannot be written: it is a folder.`);
  rmSync(folder, { recursive: true });
});
