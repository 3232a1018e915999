/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

const shared = {
  transform: { '^.+\\.[cm]?ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  testEnvironment: 'node',
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/dist/', '<rootDir>/examples/', '/fixtures/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/examples/'],
};

// What needs more than Node is a project of its own, so that `npm test` passes on a machine with nothing else.
const browser = '<rootDir>/__tests__/e2e/report-page.test.ts';
const queue = '<rootDir>/__tests__/e2e/queue.test.ts';
const database = ['<rootDir>/__tests__/postgres/**/*.test.ts', '<rootDir>/__tests__/queue/runner.test.ts', queue];

const config: Config = {
  // Most of the time goes by in the Jests that the e2e tests start; Jest's own default would be one worker on two cores.
  maxWorkers: '100%',
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/__tests__/!(e2e|support|postgres)/**/*.test.ts', '!**/__tests__/queue/runner.test.ts'],
    },
    {
      ...shared,
      displayName: 'e2e',
      testMatch: ['<rootDir>/__tests__/e2e/**/*.test.ts', '!**/e2e/{report-page,queue}.test.ts'],
      globalSetup: '<rootDir>/__tests__/support/prepare-hosts.ts',
    },
    { ...shared, displayName: 'browser', testMatch: [browser] },
    {
      ...shared,
      displayName: 'database',
      testMatch: database,
      globalSetup: '<rootDir>/__tests__/support/prepare-hosts.ts',
    },
  ],
};

export default config;
