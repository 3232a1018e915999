/** What slices need of Jest's results. */
import type { SnapshotCounts } from '../../../blob/merge-fields';
import type { SplitRecord } from '../../../select/split-record';
import type { AssertionResult } from '../selection/circus-types';

export interface V8Coverage {
  readonly result: { readonly url: string };
}

/** `TestResult` of Jest 29 and 30 as it reaches the main process. */
export interface SliceResult {
  readonly numFailingTests: number;
  readonly numPassingTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly AssertionResult[];
  readonly console?: readonly unknown[];
  readonly failureMessage?: string | null;
  readonly testExecError?: unknown;
  readonly leaks?: boolean;
  readonly skipped?: boolean;
  readonly openHandles?: readonly unknown[];
  readonly memoryUsage?: number;
  readonly perfStats: {
    readonly start: number;
    readonly end: number;
    readonly runtime?: number;
    readonly slow?: boolean;
  };
  readonly snapshot: SnapshotCounts;
  readonly coverage?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly v8Coverage?: readonly V8Coverage[];
  readonly jestDistributed?: SplitRecord;
}
