/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

const shared = {
  transform: { '^.+\\.[cm]?ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  testEnvironment: 'node',
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/dist/', '<rootDir>/examples/', '/fixtures/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/examples/'],
};

/** Promises that Jest's major version matters for; the others are kept on the newest one alone. */
const ON_BOTH = 'parts,queue';

/** Promises in many small cases, or by many runs, some minutes of them: not in `npm test`. */
const LONG = 'burn-in|failed-of|flaky|order|printed-commands|quarantine|set-up|setups|whose-run';

/** Tests that start processes: commands of ours, git, a shell. */
const PROCESSES = [
  '__tests__/cli/bin/*.test.ts',
  '__tests__/cli/hosts/remote-command.test.ts',
  '__tests__/docs/snippets.test.ts',
  '__tests__/jest/planning/expected-digest.test.ts',
  '__tests__/{examples/!(jobs-together),repository/*}.test.ts',
  '__tests__/files/{blob-file,contents,find-pragmas,git,hostile-blobs}.test.ts',
  '__tests__/{shell/quote,reports/terminal/command-lines}.test.ts',
];

/** The commands of all pages of docs, and the jobs of the example workflows: real runs of Jest. */
const PAGES = ['__tests__/docs/commands.test.ts', '__tests__/examples/jobs-together.test.ts'];

const below = (glob: string) => `<rootDir>/${glob}`;
/** Jest replaces `<rootDir>` only where a glob begins with it. */
const not = (glob: string) => `!**/${glob}`;
const DATABASE = [
  '__tests__/postgres/**/*.test.ts',
  '__tests__/queue/runner.test.ts',
  '__tests__/e2e/{databases,grind-queue,queue,run-fixtures,seen-at-once}.test.ts',
];

/** Tests of the packed tarball, in hosts with these versions of Jest. */
const withHosts = (jestMajors: readonly number[]) => ({
  ...shared,
  globals: { jestMajors },
  // Two files: of several projects with one file for it, Jest calls that of one project alone.
  globalSetup: below(`__tests__/support/prepare-${jestMajors.includes(29) ? 'all-hosts' : 'newest-host'}.ts`),
});

/** Every example once more, by itself and merged; split files in all of their cases. Some minutes of both. */
const FOR_MATRIX = [
  '__tests__/e2e/{replay/examples,selection/{features,snapshots}}.test.ts',
  '__tests__/e2e/splitting/{giant-file,slices,updates}.test.ts',
];

/** Set by `npm run test:matrix`, which takes an hour. */
const isMatrix = process.env.JDIST_TEST_MATRIX === '1';

const config: Config = {
  // Most of the time goes by in the Jests that the e2e tests start; Jest's own default would be one worker on two cores.
  maxWorkers: '100%',
  // For who waits for ever only: a busy machine is no fault.
  testTimeout: 60_000,
  projects: [
    // These three are `npm test`: they need nothing but Node and git.
    {
      ...shared,
      displayName: 'unit',
      testMatch: [
        below('__tests__/!(e2e|hosts|support|postgres)/**/*.test.ts'),
        ...[...PROCESSES, ...PAGES, ...DATABASE].map(not),
      ],
    },
    { ...shared, displayName: 'cli', testMatch: PROCESSES.map(below) },
    { ...withHosts([30]), displayName: 'e2e', testMatch: [below(`__tests__/e2e/promise/!(${LONG}).test.ts`)] },
    // The rest has a command each: see "Tests" in CONTRIBUTING.md.
    { ...withHosts([29]), displayName: 'e2e-29', testMatch: [below(`__tests__/e2e/promise/{${ON_BOTH}}.test.ts`)] },
    {
      ...withHosts(isMatrix ? [29, 30] : [30]),
      displayName: 'e2e-long',
      testMatch: [
        below('__tests__/e2e/**/*.test.ts'),
        not(`__tests__/e2e/promise/!(${LONG}).test.ts`),
        ...(isMatrix ? [] : FOR_MATRIX.map(not)),
        not('__tests__/e2e/{dashboard,databases,grind-queue,report-page,queue,run-fixtures,seen-at-once}.test.ts'),
      ],
    },
    { ...shared, displayName: 'pages', testMatch: PAGES.map(below) },
    { ...shared, displayName: 'browser', testMatch: [below('__tests__/e2e/{report-page,dashboard}.test.ts')] },
    { ...withHosts([29, 30]), displayName: 'hosts', testMatch: [below('__tests__/hosts/*.test.ts')] },
    { ...withHosts([29, 30]), displayName: 'database', testMatch: DATABASE.map(below) },
  ],
};

export default config;
