/**
 * The smallest interfaces this package needs of Jest's own objects.
 *
 * Declared here and not imported, so that our type declarations compile beside Jest 29 and Jest 30 alike and under
 * package managers that hide Jest's inner packages.
 */

export interface JestProjectConfig {
  readonly id: string;
  readonly rootDir: string;
  readonly displayName?: { readonly name: string; readonly color: string };
  readonly runner: string;
  readonly testRunner: string;
  readonly testEnvironment: string;
  readonly cwd?: string;
  readonly roots?: readonly string[];
  readonly testMatch?: readonly string[];
  readonly testRegex?: readonly (string | RegExp)[];
  readonly testPathIgnorePatterns?: readonly string[];
}

export interface JestTestContext {
  readonly config: JestProjectConfig;
  /** Jest's map of files. */
  readonly hasteFS?: object;
}

export interface JestTest {
  readonly path: string;
  readonly context: JestTestContext;
  duration?: number;
}

export interface JestShardOptions {
  readonly shardIndex: number;
  readonly shardCount: number;
}

/** Jest 29 has `testPathPattern` (string); Jest 30 has `testPathPatterns` (object with `patterns`). */
export interface JestGlobalConfig {
  readonly rootDir: string;
  readonly listTests?: boolean;
  readonly watch?: boolean;
  readonly watchAll?: boolean;
  readonly onlyFailures?: boolean;
  readonly onlyChanged?: boolean;
  readonly findRelatedTests?: boolean;
  readonly runTestsByPath?: boolean;
  readonly bail?: number;
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly outputFile?: string | undefined;
  readonly notify?: boolean;
  readonly maxWorkers?: number;
  readonly workerIdleMemoryLimit?: number | null;
  readonly reporters?: readonly (string | readonly [string, Record<string, unknown>?])[] | null | undefined;
  readonly testNamePattern?: string | null;
  readonly testPathPattern?: string;
  readonly testPathPatterns?: { readonly patterns: readonly string[] };
  readonly shard?: JestShardOptions | undefined;
  readonly testSequencer?: string;
  readonly collectCoverage?: boolean;
  readonly coverageThreshold?: unknown;
  readonly updateSnapshot?: 'all' | 'new' | 'none';
  readonly detectOpenHandles?: boolean;
}

export interface JestTestResult {
  readonly testFilePath: string;
  readonly numFailingTests: number;
  readonly numPassingTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly skipped?: boolean;
  readonly testExecError?: unknown;
  readonly perfStats: { readonly start: number; readonly end: number; readonly runtime?: number };
  readonly testResults: readonly {
    readonly fullName: string;
    readonly status: string;
    readonly duration?: number | null;
  }[];
}

/** Jest mutates it during the run; `numTotalTestSuites` is corrected by our reporter for an empty share. */
export interface JestAggregatedResult {
  numTotalTestSuites: number;
  readonly numTotalTests: number;
  readonly numFailedTests: number;
  readonly numPassedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numFailedTestSuites: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly startTime: number;
  readonly wasInterrupted?: boolean;
  readonly success?: boolean;
  readonly testResults: readonly JestTestResult[];
}

/** The TestSequencer base class as Jest 29 and 30 have it; Jest 29 constructs it without arguments. */
interface JestSequencer {
  shard(tests: JestTest[], options: JestShardOptions): JestTest[] | Promise<JestTest[]>;
  sort(tests: JestTest[]): JestTest[] | Promise<JestTest[]>;
  allFailedTests(tests: JestTest[]): JestTest[] | Promise<JestTest[]>;
  cacheResults(tests: JestTest[], results: JestAggregatedResult): void;
  hasFailed(test: JestTest): boolean;
  time(test: JestTest): number | undefined;
}

export interface JestSequencerOptions {
  readonly contexts: readonly JestTestContext[];
  readonly globalConfig: JestGlobalConfig;
}

export type JestSequencerClass = new (options?: JestSequencerOptions) => JestSequencer;

/** The parts of Jest's `TestWatcher` that matter here. */
export interface JestWatcher {
  isInterrupted(): boolean;
}

interface JestRunner {
  runTests(tests: readonly JestTest[], watcher: JestWatcher, options: { readonly serial: boolean }): Promise<void>;
  on(eventName: string, listener: (eventData: never) => unknown): () => void;
}

/** `jest-runner`'s class, or one that extends it, as Jest 29 and 30 have it. */
export type JestRunnerClass = new (globalConfig: JestGlobalConfig, context: object, ...rest: never[]) => JestRunner;
