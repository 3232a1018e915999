import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findMarkedTexts } from '../../src/files/find-pragmas';
import { filesWithout } from '../../src/files/git';
import { MARK } from '../../src/plan/pragmas';

const MARKED = '/** @jest-distributed together */\n';
const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.org'];

let root: string;
let outside: string;
const plain = Array.from({ length: 500 }, (_, index) => `tests/f${index}.test.js`);
const odd = [
  'tests/[a].b*.test.js',
  'generated/g.test.js',
  'later.test.js',
  'no-suffix',
  'tests/ünï.test.js',
  '../o.test.js',
];
const all = [...plain, ...odd, 'tests/gone.test.js'];

beforeAll(() => {
  outside = realpathSync(mkdtempSync(path.join(tmpdir(), 'marks-')));
  root = path.join(outside, 'repository');
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  const git = (...args: string[]) => execFileSync('git', [...identity, ...args], { cwd: root, stdio: 'pipe' });
  for (const file of plain) write(file, 'test();');
  write('tests/f7.test.js', `${MARKED}test();`);
  write('.gitignore', 'generated\n');
  git('init', '-q');
  for (const file of odd.filter((name) => name !== 'later.test.js')) write(file, MARKED);
  git('add', '.');
  git('commit', '-qm', 'all');
  // Of these git knows another content, or none.
  write('later.test.js', MARKED);
  write('tests/f8.test.js', MARKED);
  write('tests/f9.test.js', MARKED);
  git('update-index', '--assume-unchanged', 'tests/f9.test.js');
  git('config', 'grep.fullName', 'true');
  git('config', 'color.ui', 'always');
});

afterAll(() => rmSync(outside, { recursive: true, force: true }));

/** As the file system has them. */
const pathsIn = (folder: string, files: readonly string[]): string[] => files.map((file) => path.join(folder, file));

const marked = async (folder: string, files: readonly string[]) =>
  [...(await findMarkedTexts(folder, files, pathsIn(folder, files)))]
    .map(([index, text]) => [files[index], text.includes(MARKED)])
    .sort();

describe('marked files', () => {
  const expected = [...odd, 'tests/f7.test.js', 'tests/f8.test.js', 'tests/f9.test.js']
    .sort()
    .map((file) => [file, true]);

  test('are found in any number, with git: committed, changed, new, ignored, or outside of the repository', async () => {
    expect(await marked(root, all)).toEqual(expected);
  });

  test.each([
    ['all of them', ':(glob)**/*'],
    ['some', ':(glob)**/f1*.test.js'],
    ['others', '*.none'],
  ])('and are the same where the search began with a guess that means %s', async (_what, pathspec) => {
    const started = filesWithout(root, MARK, [pathspec]);
    const found = await findMarkedTexts(root, all, pathsIn(root, all), started);
    expect([...found.keys()].map((index) => [all[index], true]).sort()).toEqual(expected);
  });

  test('and are the same where the search that was begun could not end', async () => {
    const found = await findMarkedTexts(root, all, pathsIn(root, all), Promise.resolve(undefined));
    expect([...found.keys()].map((index) => [all[index], true]).sort()).toEqual(expected);
  });

  test('and are read under the name that the file system has, whatever Unicode form it is in', async () => {
    const decomposed = 'decomposed-e\u0301.test.js';
    writeFileSync(path.join(root, decomposed), MARKED);
    const found = await findMarkedTexts(root, [decomposed.normalize('NFC')], [path.join(root, decomposed)]);
    expect([...found.keys()]).toEqual([0]);
  });

  test('and are the same where git cannot look', async () => {
    const elsewhere = path.join(outside, 'repository');
    rmSync(path.join(elsewhere, '.git'), { recursive: true });
    expect(await marked(elsewhere, all)).toEqual(expected);
  });
});
