import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findFolders, shownPath } from '../../src/files/folders';
import { loadOptions } from '../../src/files/load-options';

let top: string;
const at = (...steps: string[]): string => path.join(top, ...steps);

beforeEach(() => {
  top = realpathSync(mkdtempSync(path.join(tmpdir(), 'folders-')));
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(at(name)), { recursive: true });
    writeFileSync(at(name), content);
  }
}

describe('the project folder', () => {
  test.each<[string, Record<string, string>, string, string]>([
    ['the working directory', { 'r/package.json': '{}' }, 'r', 'r'],
    ['the nearest above it', { 'package.json': '{}', 'r/package.json': '{}', 'r/a/b/x': '' }, 'r/a/b', 'r'],
    [
      'a package of a workspace',
      { 'r/package.json': '{}', 'r/packages/a/package.json': '{}' },
      'r/packages/a',
      'r/packages/a',
    ],
    ['not above the repository', { 'package.json': '{}', 'r/.git': '', 'r/a/x': '' }, 'r/a', 'r/a'],
    ['the top of the repository', { 'r/.git/HEAD': '', 'r/package.json': '{}', 'r/a/x': '' }, 'r/a', 'r'],
  ])('is %s', (_what, files, workingDir, expected) => {
    write(files);
    expect(findFolders(at('elsewhere'), at(workingDir)).projectDir).toBe(at(expected));
  });
});

describe('what all checkouts have in common', () => {
  test('is the repository of the root', () => {
    write({ 'r/.git': '', 'r/packages/a/package.json': '{}' });
    expect(findFolders(at('r/packages/a'), at('r')).repositoryDir).toBe(at('r'));
  });

  test('is the project folder where there is no repository, and nothing where the root lies outside', () => {
    write({ 'r/package.json': '{}', 'r/src/x': '', 'other/x': '' });
    expect(findFolders(at('r/src'), at('r')).repositoryDir).toBe(at('r'));
    expect(findFolders(at('other'), at('r')).repositoryDir).toBeNull();
  });
});

test('paths are shown relative, unless that is the longer way', () => {
  expect(shownPath('/a/b/c.json', '/a/b')).toBe('c.json');
  expect(shownPath('/a/b/c.json', '/a/b/d')).toBe(path.join('..', 'c.json'));
  expect(shownPath('/x/c.json', '/a/b/d')).toBe('/x/c.json');
  expect(shownPath('/a/b', '/a/b')).toBe('.');
});

describe('paths of options', () => {
  const load = async (workingDir: string, flags = {}, environment = {}) =>
    (await loadOptions({ flags, environment, rootDir: at('r/src'), workingDir: at(workingDir) })).options;

  test('of flags and variables are relative to the working directory, defaults to the project folder', async () => {
    write({ 'r/package.json': '{}', 'r/src/deep/x': '' });
    const options = await load('r/src/deep', { plan: 'p.json' }, { JEST_DISTRIBUTED_TIMINGS: '../t.json' });
    expect(options.plan?.value).toBe(at('r/src/deep/p.json'));
    expect(options.timings?.value).toBe(at('r/src/t.json'));
    expect(options.reportDir).toEqual({ value: at('r/.jest-distributed/report'), source: 'default' });
  });

  test.each([
    ['r/package.json', '{ "jest-distributed": { "timings": "t.json" } }', 'r/t.json'],
    ['r/src/package.json', '{ "jest-distributed": { "timings": "t.json" } }', 'r/src/t.json'],
    ['r/src/jest-distributed.config.json', '{ "timings": "../t.json" }', 'r/t.json'],
  ])('in %s are relative to its folder', async (file, content, expected) => {
    write({ 'r/package.json': '{}', 'r/src/x': '', [file]: content });
    expect((await load('r')).timings).toEqual({ value: at(expected), source: path.relative(at('r'), at(file)) });
  });

  test('settings in the root of Jest count only where it lies in the project', async () => {
    write({ 'r/package.json': '{}', 'other/jest-distributed.config.json': '{ "nodes": 9 }' });
    const { options } = await loadOptions({ flags: {}, environment: {}, rootDir: at('other'), workingDir: at('r') });
    expect(options.nodes).toBeUndefined();
  });

  test('settings in both folders are refused', async () => {
    const settings = '{ "jest-distributed": {} }';
    write({ 'r/package.json': settings, 'r/src/package.json': settings });
    await expect(load('r')).rejects.toThrow(
      `There are settings in package.json and in ${path.join('src', 'package.json')}.\n  Keep them in one place.`,
    );
  });
});
