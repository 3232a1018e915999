/** What the files of a checkout are, read by both ends of a copy. */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readTree } from '../../../src/cli/hosts/tree';

let top: string;
let memory: string;
const PATHS = ['b.txt', 'a/program.sh', 'link', 'gone', 'a'];

beforeEach(() => {
  top = mkdtempSync(path.join(tmpdir(), 'jdt-'));
  memory = `${top}.json`;
  mkdirSync(path.join(top, 'a'));
  writeFileSync(path.join(top, 'b.txt'), 'b');
  writeFileSync(path.join(top, 'a/program.sh'), 'exit 0');
  chmodSync(path.join(top, 'a/program.sh'), 0o755);
  symlinkSync('nowhere', path.join(top, 'link'));
});
afterEach(() => {
  rmSync(top, { recursive: true });
  rmSync(memory, { force: true });
});

const digest = () => readTree(top, PATHS, memory).digest;

test('files, programs and links, in one order; folders and what is not there are none', () => {
  expect(readTree(top, PATHS, null).files.map(({ path: name, kind, size }) => [name, kind, size])).toEqual([
    ['a/program.sh', 'program', 6],
    ['b.txt', 'file', 1],
    ['link', 'link', 0],
  ]);
  expect(readTree(top, [...PATHS].reverse(), null).digest).toBe(readTree(top, PATHS, null).digest);
});

test('what is left out by its stats is no part of the tree', () => {
  const { ino } = statSync(path.join(top, 'b.txt'));
  const tree = readTree(top, PATHS, null, (stats) => stats.ino === ino);
  expect(tree.files.map(({ path: name }) => name)).toEqual(['a/program.sh', 'link']);
});

test.each<[string, () => void]>([
  ['a content of the same length', () => writeFileSync(path.join(top, 'b.txt'), 'c')],
  ['a right to run it', () => chmodSync(path.join(top, 'b.txt'), 0o755)],
  ['a name', () => renameSync(path.join(top, 'b.txt'), path.join(top, 'gone'))],
  [
    'where a link leads',
    () => {
      rmSync(path.join(top, 'link'));
      symlinkSync('elsewhere', path.join(top, 'link'));
    },
  ],
  [
    'a content, with the old time of the file',
    () => {
      const file = path.join(top, 'b.txt');
      writeFileSync(file, 'd');
      utimesSync(file, new Date(0), new Date(0));
    },
  ],
])('it is another tree by %s', (_, change) => {
  utimesSync(path.join(top, 'b.txt'), new Date(0), new Date(0));
  const before = digest();
  expect(digest()).toBe(before);
  change();
  expect(digest()).not.toBe(before);
});
