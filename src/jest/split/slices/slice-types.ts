/** What slices need of Jest's results. */
import type { StoredSnapshot } from '../../../blob/blob';
import type { SplitRecord } from '../../../select/split-record';
import type { JestTestResult } from '../../host/jest-types';
import type { AssertionResult } from '../selection/circus-types';

export interface V8Coverage {
  readonly result: { readonly url: string };
}

/** `TestResult` of Jest 29 and 30 as it reaches the main process. */
export interface SliceResult extends Omit<JestTestResult, 'testFilePath' | 'testResults' | 'perfStats'> {
  readonly testResults: readonly AssertionResult[];
  readonly console?: readonly unknown[];
  readonly failureMessage?: string | null;
  readonly leaks?: boolean;
  readonly openHandles?: readonly unknown[];
  readonly memoryUsage?: number;
  readonly perfStats: JestTestResult['perfStats'] & { readonly slow?: boolean };
  readonly snapshot: StoredSnapshot;
  readonly coverage?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly v8Coverage?: readonly V8Coverage[];
  readonly jestDistributed?: SplitRecord;
}
