import { describe, expect, test } from '@jest/globals';
import type { JestProjectConfig, JestTest } from '../../../src/jest/host/jest-types';
import { type NamingFolders, nameTests } from '../../../src/jest/host/name-test-files';

type Given = Partial<JestProjectConfig>;

let count = 0;

/** A config as Jest makes it: with absolute paths. */
function config(root: string, given: Given): JestProjectConfig {
  count += 1;
  return {
    id: `id${count}`,
    rootDir: root,
    runner: `${root}/../node_modules/jest-runner/build/index.js`,
    testRunner: '',
    testEnvironment: `${root}/../node_modules/jest-environment-node/build/index.js`,
    roots: [given.rootDir ?? root],
    testMatch: [],
    testRegex: [],
    testPathIgnorePatterns: ['/node_modules/'],
    ...given,
  };
}

const testOf = (path: string, { ...own }: JestProjectConfig): JestTest => ({ path, context: { config: own } });

function namesOf(folders: NamingFolders, configs: readonly JestProjectConfig[], withFiles = configs): unknown[] {
  const tests = withFiles.map((own) => testOf(`${own.rootDir}/a.test.js`, own));
  return nameTests(tests, folders, configs).files.map(({ project }) => project);
}

const folders = (rootDir: string, repositoryDir: string | null = null): NamingFolders => ({ rootDir, repositoryDir });
const named = (name: string, rootDir: string): Given => ({ displayName: { name, color: 'red' }, rootDir });

describe('names of projects', () => {
  test('are the displayName, else the folder below the root, and nothing for the root itself', () => {
    const configs = [config('/r', named('unit', '/r/x')), config('/r', { rootDir: '/r/packages/a' }), config('/r', {})];
    expect(namesOf(folders('/r'), configs)).toEqual(['unit', 'packages/a', null]);
  });

  test('are the same whichever namesakes have files', () => {
    const configs = [config('/r', named('same', '/r/x')), config('/r', named('same', '/r/y'))];
    const both = namesOf(folders('/r'), configs);
    expect(both[0]).toMatch(/^same#[0-9a-f]{6}$/);
    expect(both[1]).not.toBe(both[0]);
    expect(namesOf(folders('/r'), configs, configs.slice(0, 1))).toEqual([both[0]]);
    expect(namesOf(folders('/r'), configs, configs.slice(1))).toEqual([both[1]]);
  });

  test('of namesakes are the same in every checkout, whatever it is called and wherever packages are installed', () => {
    const inCheckout = (repository: string, modules: string) => {
      const root = `${repository}/app`;
      const escaped = root.replace(/[()]/g, '\\$&');
      const configs = ['unit', 'dom'].map((folder) =>
        config(root, {
          runner: `${modules}/jest-runner/build/index.js`,
          testEnvironment: `${repository}/tools/environment.js`,
          testMatch: [`${escaped}/${folder}/**/*.js`],
          testPathIgnorePatterns: [`${root}/skip`],
          ...{ globals: { here: root }, testEnvironmentOptions: { token: repository } },
        }),
      );
      return namesOf(folders(root, repository), configs);
    };
    const here = inCheckout('/home/ci/repo (1)', '/home/ci/repo (1)/node_modules');
    expect(here).toEqual(inCheckout('/agents/2', '/agents/2/node_modules/.pnpm/jest-runner@30/node_modules'));
    expect(new Set(here).size).toBe(2);
  });

  test('of namesakes in different environments differ', () => {
    const configs = ['node', 'jsdom'].map((name) => config('/r', { testEnvironment: `/r/${name}.js` }));
    const names = namesOf(folders('/r'), configs);
    expect(names).toEqual([expect.stringMatching(/^\.#/), expect.stringMatching(/^\.#/)]);
    expect(names[0]).not.toBe(names[1]);
  });

  test('of those that nothing tells apart are numbered in the order of the list', () => {
    const configs = [config('/r', {}), config('/r', {}), config('/r', {})];
    const [first, ...others] = namesOf(folders('/r'), configs);
    expect(others).toEqual([`${first}.2`, `${first}.3`]);
    expect(namesOf(folders('/r'), configs, configs.slice(2))).toEqual([`${first}.3`]);
  });
});

describe('names of files', () => {
  test('are NFC, and their paths stay as the file system has them', () => {
    const own = config('/r', { rootDir: '/r/pa\u0301' });
    const decomposed = '/r/pa\u0301/e\u0301.test.js';
    expect(nameTests([testOf(decomposed, own)], folders('/r'), [own])).toEqual({
      files: [{ project: 'p\u00e1', path: '\u00e9.test.js' }],
      keys: ['p\u00e1\0\u00e9.test.js'],
      rootPaths: ['p\u00e1/\u00e9.test.js'],
      testPaths: [decomposed],
      projects: [{ name: 'p\u00e1', folder: 'p\u00e1', config: own }],
    });
  });

  test('that differ in their Unicode form alone are refused', () => {
    const own = config('/r', {});
    const tests = ['/r/e\u0301.test.js', '/r/\u00e9.test.js'].map((file) => testOf(file, own));
    expect(() => nameTests(tests, folders('/r'), [own])).toThrow(/under one name.*Rename one of them/s);
  });
});
