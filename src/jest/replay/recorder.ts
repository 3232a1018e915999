/**
 * Jest's test results → records of the blob.
 *
 * Everything is copied at once: Jest drops console and coverage of a result right after `onTestResult`.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { TestFile } from '../../plan/item';
import type {
  BlobEnd,
  EndState,
  FileRecord,
  Json,
  JsonObject,
  QueueRunRecord,
  SplitRecord,
  StoredCoverage,
  StoredError,
  StoredResult,
  V8Entry,
} from '../../results/blob';
import { toPortableJson } from '../../results/portable-json';
import { type TextMapping, toPortable } from '../../results/portable-paths';
import { takeWorker } from '../selection/worker-note';
import type { JestAggregatedResult, JestGlobalConfig, JestTest, JestTestResult } from '../shapes';

/** Values of one assertion's details that are kept; beyond, as with DOM trees, they would outweigh everything else. */
const DETAILS_LIMIT = 2_000;

/** What jest-distributed's test selection leaves on a TestResult. */
interface SelectionMark {
  readonly seen: readonly string[];
  readonly mine: readonly number[];
}

/** The part of Jest's TestResult that leaves the reporters' hands early. */
interface RawResult extends JestTestResult {
  coverage?: Readonly<Record<string, unknown>>;
  v8Coverage?: readonly RawV8Entry[];
  readonly jestDistributed?: SelectionMark;
}

interface RawV8Entry {
  readonly result: unknown;
  readonly codeTransformResult?: {
    readonly code: string;
    readonly originalCode: string;
    readonly sourceMapPath?: string | null;
    readonly wrapperLength?: number;
  } | null;
}

export interface RecorderOptions {
  /** Jest's root folder: `globalConfig.rootDir`. */
  readonly rootDir: string;
  /** The repository's folder where it lies above the root, or null. */
  readonly repositoryDir?: string | null;
  readonly fileOf: (test: JestTest) => TestFile | undefined;
  /** Names of the parts of a file that a Test stands for; null where the file is not split. */
  readonly partsOf: (file: TestFile, test: JestTest) => readonly string[] | null;
  /** Which run of a queue's item a result is from; null where there is no queue. */
  readonly queueRunOf?: (test: JestTest) => QueueRunRecord | null;
  /**
   * Take coverage away from the result once it is copied, so that Jest's coverage reporter on this node has nothing to
   * convert. Only together with `nodeCoverageSettings`.
   */
  readonly takesCoverage?: boolean;
}

/** To be told what Jest tells a reporter, by methods of the same meaning. */
export interface Recorder {
  /** `onTestFileStart` (or `onTestStart`). */
  fileStart(test: JestTest): void;
  /** `onTestCaseResult`. */
  caseResult(test: { readonly path: string }, testCase: unknown): void;
  /** `onTestResult` (or `onTestFileResult`): the record to write, or undefined for a test that has no file name. */
  fileResult(test: JestTest, result: JestTestResult): FileRecord | undefined;
  /** `onRunComplete`. */
  end(results: JestAggregatedResult, globalConfig: JestGlobalConfig, errors?: readonly unknown[]): BlobEnd;
}

interface OpenFile {
  readonly startMs: number;
  cases: Json[];
}

function toStoredError(error: unknown, map: TextMapping): StoredError {
  const { message, stack, name, code, type } = (
    typeof error === 'object' && error !== null ? error : { message: String(error) }
  ) as Record<string, unknown>;
  const text = (value: unknown) => map(typeof value === 'string' ? value : '');
  const extra = toPortableJson({ name, code, type }, map) as JsonObject;
  return { message: text(message), stack: text(stack), ...extra };
}

/** One test's result, its fields in their order; details of failed assertions may be anything that a test compared. */
function toStoredTest(test: object, map: TextMapping): JsonObject {
  const stored = Object.entries(test).flatMap(([key, value]): [string, Json][] => {
    const json =
      key === 'failureDetails' ? (toPortableJson(value, map, DETAILS_LIMIT) ?? []) : toPortableJson(value, map);
    return json === undefined ? [] : [[key, json]];
  });
  return Object.fromEntries(stored);
}

function toStoredResult(result: RawResult, map: TextMapping): StoredResult {
  const { coverage, v8Coverage, testExecError, testResults, jestDistributed, ...rest } = result;
  return {
    ...(toPortableJson(rest, map) as JsonObject),
    testResults: testResults.map((test) => toStoredTest(test, map)),
  } as unknown as StoredResult;
}

function readSourceMap(file: string | null | undefined, map: TextMapping): Json {
  if (!file || !existsSync(file)) return null;
  return toPortableJson(JSON.parse(readFileSync(file, 'utf8')), map) ?? null;
}

function toStoredCoverage({ coverage, v8Coverage }: RawResult, map: TextMapping): StoredCoverage {
  return {
    babel: coverage ? (toPortableJson(coverage, map) as StoredCoverage['babel']) : null,
    v8: v8Coverage
      ? v8Coverage.map(
          ({ result, codeTransformResult: transform }): V8Entry => ({
            result: toPortableJson(result, map) as unknown as V8Entry['result'],
            transform: transform
              ? {
                  // As it is: V8 counts by offsets into this text.
                  code: transform.code,
                  originalCode: transform.originalCode,
                  wrapperLength: transform.wrapperLength ?? null,
                  // The path leads into this node's cache.
                  sourceMap: readSourceMap(transform.sourceMapPath, map),
                }
              : null,
          }),
        )
      : null,
  };
}

function toSplit(mark: SelectionMark | undefined): SplitRecord | null {
  return mark && Array.isArray(mark.seen) && Array.isArray(mark.mine) ? { seen: mark.seen, mine: mark.mine } : null;
}

/** A case that says nothing new is only pointed at. */
function toCases(cases: readonly Json[], tests: readonly JsonObject[]): FileRecord['cases'] {
  const places = new Map(tests.map((test, index) => [JSON.stringify(test), index]));
  return cases.map((one) => places.get(JSON.stringify(one)) ?? (one as JsonObject));
}

/** Where nobody told: Jest tells no case of a skipped test. */
function allCases(tests: readonly JsonObject[]): number[] {
  return [...tests.keys()].filter((index) => tests[index]?.status !== 'pending');
}

function endState(results: JestAggregatedResult, { bail = 0 }: JestGlobalConfig): EndState {
  if (results.wasInterrupted === true) return 'interrupted';
  // As Jest decides it: it stops after the file that reached the limit.
  const isOver = bail > 0 && results.numFailedTests >= bail;
  return isOver && results.testResults.length < results.numTotalTestSuites ? 'bailed' : 'complete';
}

export function createRecorder(options: RecorderOptions): Recorder {
  const { rootDir, repositoryDir = null, fileOf, partsOf, queueRunOf, takesCoverage = false } = options;
  const map = toPortable(rootDir, repositoryDir);
  const beganMs = Date.now();
  // Jest tells a case's path only; two projects that run one path at the same time cannot be told apart, and their
  // cases are then taken from the results.
  const open = new Map<string, OpenFile>();
  const ambiguous = new Set<string>();

  return {
    fileStart(test) {
      if (open.has(test.path)) ambiguous.add(test.path);
      open.set(test.path, { startMs: Date.now(), cases: [] });
    },
    caseResult({ path }, testCase) {
      open.get(path)?.cases.push(toStoredTest(testCase as object, map));
    },
    fileResult(test, testResult) {
      const file = fileOf(test);
      const opened = open.get(test.path);
      open.delete(test.path);
      if (file === undefined) return undefined;
      const worker = takeWorker(testResult);
      const raw = testResult as RawResult;
      const nowMs = Date.now();
      const startMs = opened?.startMs ?? (raw.perfStats.start || nowMs);
      const result = toStoredResult(raw, map);
      const isTold = opened !== undefined && !ambiguous.has(test.path);
      const tests = result.testResults as readonly JsonObject[];
      const queueRun = queueRunOf?.(test) ?? null;
      const record: FileRecord = {
        file,
        parts: partsOf(file, test),
        startMs,
        wallMs: Math.max(0, nowMs - startMs),
        worker,
        split: toSplit(raw.jestDistributed),
        cases: isTold ? toCases(opened.cases, tests) : allCases(tests),
        result,
        execError: raw.testExecError ? toStoredError(raw.testExecError, map) : null,
        coverage: toStoredCoverage(raw, map),
        ...(queueRun !== null && { queue: queueRun }),
      };
      if (takesCoverage) {
        delete raw.coverage;
        delete raw.v8Coverage;
      }
      return record;
    },
    end(results, globalConfig, errors = []) {
      const { snapshot, runExecError } = results as JestAggregatedResult & {
        readonly snapshot?: { readonly filesRemovedList?: readonly string[] };
        readonly runExecError?: unknown;
      };
      const all = runExecError === undefined ? errors : [runExecError, ...errors];
      const endMs = Date.now();
      return {
        state: endState(results, globalConfig),
        endMs,
        wallMs: endMs - (results.startTime || beganMs),
        errors: all.map((error) => toStoredError(error, map)),
        snapshot: (toPortableJson(snapshot ?? {}, map) ?? {}) as JsonObject,
        obsoleteSnapshotFiles: (snapshot?.filesRemovedList ?? []).map(map),
      };
    },
  };
}
