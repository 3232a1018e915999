/**
 * The smallest interfaces that selection needs of jest-circus, jest-jasmine2 and the objects Jest hands a test runner.
 */

export interface CircusTest {
  readonly type: 'test';
  name: string;
  mode: 'skip' | 'only' | 'todo' | undefined | null;
  errors: unknown[];
  parent: CircusBlock;
}

export interface CircusBlock {
  readonly type: 'describeBlock';
  readonly name: string;
  readonly children: (CircusTest | CircusBlock)[];
  /** Only the tests among the children; circus keeps it for compatibility. */
  readonly tests: CircusTest[];
  readonly parent?: CircusBlock;
}

export interface CircusState {
  readonly rootDescribeBlock: CircusBlock;
  readonly unhandledErrors: unknown[];
  hasStarted: boolean;
  currentlyRunningTest: CircusTest | null;
}

export interface CircusEvent {
  readonly name: string;
  readonly test?: CircusTest;
  readonly hook?: { readonly type: string };
  readonly runtimeGlobals?: { readonly expect: JestExpect };
}

type CircusEventHandler = (event: CircusEvent, state: CircusState) => void | Promise<void>;

export interface SnapshotState {
  getUncheckedKeys(): readonly string[];
  markSnapshotsAsCheckedForTest(name: string): void;
}

export interface JestExpect {
  getState(): { readonly snapshotState?: SnapshotState; readonly testPath?: string };
}

export interface JestEnvironment {
  readonly global: Record<PropertyKey, unknown>;
  handleTestEvent?: CircusEventHandler;
}

export interface JestRuntime {
  requireModule(from: string, ...rest: unknown[]): unknown;
  unstable_importModule(from: string, ...rest: unknown[]): Promise<unknown>;
}

export interface AssertionResult {
  readonly ancestorTitles: readonly string[];
  readonly title: string;
  readonly fullName: string;
  readonly status: string;
  readonly duration?: number | null;
  readonly failureDetails?: readonly unknown[];
  readonly failureMessages?: readonly string[];
}

/** The part of a TestResult that selection reads and corrects. */
export interface RunnerResult {
  numFailingTests: number;
  numPassingTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: AssertionResult[];
  readonly testExecError?: { readonly message?: string; readonly stack?: string } | null;
}

export type SendMessage = (event: string, args: readonly unknown[]) => unknown;

export type JestTestRunner<Result extends RunnerResult = RunnerResult> = (
  globalConfig: { readonly collectTests?: boolean },
  config: { readonly id: string; readonly rootDir: string },
  environment: JestEnvironment,
  runtime: JestRuntime,
  testPath: string,
  sendMessageToJest?: SendMessage,
) => Promise<Result>;
