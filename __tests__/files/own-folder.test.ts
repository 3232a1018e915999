import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { makeFolder } from '../../src/files/own-folder';

let top: string;
beforeEach(() => {
  top = mkdtempSync(path.join(tmpdir(), 'own-folder-'));
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

const own = (...steps: string[]): string => path.join(top, '.jest-distributed', ...steps);
const IGNORE = '*\n!.gitignore\n!timings.json\n';

test('a new folder keeps all but the timings out of git, whatever is made in it first', () => {
  makeFolder(own('report', 'run'));
  expect(existsSync(own('report', 'run'))).toBe(true);
  expect(readFileSync(own('.gitignore'), 'utf8')).toBe(IGNORE);
});

test('so does one that git checked out with its timings', () => {
  mkdirSync(own());
  writeFileSync(own('timings.json'), '{}');
  makeFolder(own());
  expect(readFileSync(own('.gitignore'), 'utf8')).toBe(IGNORE);
});

test.each([
  ['.gitignore', 'mine\n'],
  ['report', ''],
])('one that holds %s is left as it is', (name, text) => {
  mkdirSync(own());
  writeFileSync(own(name), text);
  makeFolder(own('local'));
  expect(existsSync(own('.gitignore')) ? readFileSync(own('.gitignore'), 'utf8') : null).toBe(text || null);
});

test('a folder of another name gets nothing', () => {
  makeFolder(path.join(top, 'artifacts'));
  expect(existsSync(path.join(top, 'artifacts', '.gitignore'))).toBe(false);
  expect(existsSync(path.join(top, '.gitignore'))).toBe(false);
});
