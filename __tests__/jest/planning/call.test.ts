/** What a call of Jest is, and which arguments make it another. */
import { describe, expect, test } from '@jest/globals';
import { isFiltered } from '../../../src/jest/host/filters';
import { findingArguments } from '../../../src/jest/host/finding-arguments';
import type { JestGlobalConfig } from '../../../src/jest/host/jest-types';
import { type CallFacts, describeCall } from '../../../src/jest/planning/call';

const CONFIG = { rootDir: '/w/repo/app' } as JestGlobalConfig;

const call = (args: readonly string[], more: Partial<CallFacts> = {}) =>
  describeCall({
    folders: { rootDir: '/w/repo/app', repositoryDir: '/w/repo', workingDir: '/w/repo/app' },
    scope: { testNamePattern: null, pathPattern: '' },
    projects: [null],
    globalConfig: CONFIG,
    args,
    ...more,
  });

test('arguments that change configs, however they are spelled', () => {
  expect(findingArguments(['--test-path-ignore-patterns', 'a', 'b', '--testMatch=x', 'y', '-i', 'file'])).toEqual([
    { name: 'testMatch', values: ['x', 'y'], isFinding: true },
    { name: 'testPathIgnorePatterns', values: ['a', 'b'], isFinding: true },
  ]);
  expect(findingArguments(['--env=jsdom', 'file', '--testEnvironment', 'node', 'file', '--roots'])).toEqual([
    { name: 'roots', values: [], isFinding: true },
    { name: 'testEnvironment', values: ['jsdom', 'node'], isFinding: false },
  ]);
  expect(findingArguments(['src', '--ci', '--', '--testMatch=x'])).toEqual([]);
});

describe('a call', () => {
  test.each<[string[], string, boolean]>([
    [['--ci', '--coverage', '--maxWorkers=2', '-u'], 'jest', false],
    [['--testMatch', '**/*.spec.js'], 'jest --testMatch "**/*.spec.js"', true],
    [['--testMatch=**/*.spec.js'], 'jest --testMatch "**/*.spec.js"', true],
    [['--roots', '/w/repo/app/src', '--testRegex', 'x$'], 'jest --roots src --testRegex "x$"', true],
    [['--projects', 'a', 'b'], 'jest --projects a b', true],
    [
      ['--testEnvironment', '/home/agent-1/node_modules/jest-environment-jsdom/build/index.js'],
      'jest --testEnvironment jest-environment-jsdom/build/index.js',
      false,
    ],
    [['--testPathIgnorePatterns', '/node_modules/'], 'jest --testPathIgnorePatterns /node_modules/', true],
    [['--env', 'jsdom', '-c', 'x.js'], 'jest --config x.js --testEnvironment jsdom', false],
  ])('%j', (args, text, findsOthers) => {
    expect(call(args)).toEqual({ digest: expect.stringMatching(/^[0-9a-f]{16}$/), text, findsOthers });
  });

  test('each argument of another value is another call', () => {
    const digests = [[], ['--testMatch', 'a'], ['--testMatch', 'b'], ['--testRegex', 'a'], ['--testMatch', 'a', 'b']];
    expect(new Set(digests.map((args) => call(args).digest)).size).toBe(5);
  });

  test('a filter program that is skipped leaves nothing out', () => {
    const config = { ...CONFIG, filter: '/w/repo/app/filter.js' } as JestGlobalConfig;
    expect(isFiltered(config, [])).toBe(true);
    expect(isFiltered({ ...config, skipFilter: true } as JestGlobalConfig, [])).toBe(false);
  });
});
