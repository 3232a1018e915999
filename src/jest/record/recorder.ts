/**
 * Jest's test results → records of the blob.
 *
 * Everything is copied at once: Jest drops console and coverage of a result right after `onTestResult`.
 */
import * as fs from 'node:fs';
import type {
  BlobEnd,
  CaseStart,
  EndState,
  FileRecord,
  Json,
  JsonObject,
  QueueRunRecord,
  StoredCoverage,
  StoredError,
  StoredResult,
  StoredSplit,
  V8Entry,
} from '../../blob/blob';
import { completeResult, completeTest, type FileFacts } from '../../blob/complete-result';
import { toPortableJson } from '../../blob/portable-json';
import { type TextMapping, toPortable } from '../../blob/portable-paths';
import { triesOf } from '../../blob/test-tries';
import { type TryRecord, toTryRecord } from '../../blob/try-record';
import type { TestFile } from '../../plan/item';
import type { SplitRecord as SelectionRecord } from '../../select/split-record';
import type { JestAggregatedResult, JestGlobalConfig, JestTest, JestTestResult } from '../host/jest-types';
import { isJestsRunner } from '../host/runner-paths';
import type { ItemTry } from '../queue/published-run';
import { heldStartOf } from '../split/selection/absent-files';
import { takeWorker } from '../split/selection/worker-id';
import { workerOfFile } from '../workers/worker-environment';

// Taken when this module is loaded: in band a test that replaces members of `fs` or the clock replaces them for us too.
const { existsSync, readFileSync } = fs;
const { now } = Date;
const { parse, stringify } = JSON;

/** Values of one assertion's details that are kept; beyond, as with DOM trees, they would outweigh everything else. */
const DETAILS_LIMIT = 2_000;

/** Assertions of one test whose details are kept. */
const DETAILS_SHOWN = 100;

/** Values of a field that somebody else has put on a result. */
const FIELD_LIMIT = 100_000;

/** In band Jest's own process is the one worker there is; of a runner of the project's own nobody knows. */
const workerOf = ({ path, context }: JestTest): number | null =>
  workerOfFile(path)?.worker ?? (isJestsRunner(context.config.runner) ? 1 : null);

/** Of the worker that is known to have run it. */
function processOf({ path }: JestTest, worker: number | null): number | null {
  const place = workerOfFile(path);
  if (place === undefined) return worker === null ? null : 1;
  return place.worker === worker ? place.process : null;
}

/** The part of Jest's TestResult that leaves the reporters' hands early. */
interface RawResult extends JestTestResult {
  coverage?: Readonly<Record<string, unknown>>;
  v8Coverage?: readonly RawV8Entry[];
  readonly jestDistributed?: SelectionRecord;
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

/** Called as Jest calls a reporter, by methods of the same meaning. */
export interface Recorder {
  /** `onTestFileStart` (or `onTestStart`). */
  fileStart(test: JestTest): void;
  /** `onTestCaseStart`. */
  caseStart(test: { readonly path: string }, info: unknown): void;
  /** `onTestCaseResult`. */
  caseResult(test: { readonly path: string }, testCase: unknown): void;
  /**
   * The record of a result that reporters may get later, when the queue has decided on it; `fileResult` then gives the
   * same one.
   *
   * @param asReported the result as reporters will see it, where it is not this very object yet.
   */
  prepare(
    test: JestTest,
    result: JestTestResult,
    queueRun: QueueRunRecord,
    asReported?: JestTestResult,
  ): FileRecord | undefined;
  /** `onTestResult` (or `onTestFileResult`): the record to write, or undefined for a test that has no file name. */
  fileResult(test: JestTest, result: JestTestResult): FileRecord | undefined;
  /** The result of an execution of a queue's item that does not count; no reporter gets it. */
  tryResult(test: JestTest, result: JestTestResult, tried: ItemTry): TryRecord | undefined;
  /** `onRunComplete`. */
  end(results: JestAggregatedResult, globalConfig: JestGlobalConfig, errors?: readonly unknown[]): BlobEnd;
}

interface OpenFile {
  readonly startMs: number;
  readonly cases: Json[];
  readonly starts: { readonly info: JsonObject; readonly at: number }[];
}

/** A property of an object that others have made; undefined where reading it throws. */
function readProperty(value: unknown, name: string): unknown {
  try {
    return (value as Record<string, unknown> | null | undefined)?.[name];
  } catch {
    return undefined;
  }
}

function ownNames(value: object): string[] {
  try {
    return Object.keys(value);
  } catch {
    return [];
  }
}

function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return 'an error that cannot be shown';
  }
}

function toStoredError(error: unknown, map: TextMapping): StoredError {
  const isObject = typeof error === 'object' && error !== null;
  const text = (name: string): string => {
    const value = readProperty(error, name);
    return typeof value === 'string' ? map(value) : '';
  };
  const extra = Object.fromEntries(
    ['name', 'code', 'type'].flatMap((name): [string, Json][] => {
      const json = toPortableJson(readProperty(error, name), map, DETAILS_LIMIT);
      return json === undefined || (name === 'name' && typeof json !== 'string') ? [] : [[name, json]];
    }),
  );
  return { message: isObject ? text('message') : map(textOf(error)), stack: text('stack'), ...extra };
}

/** Details of failed assertions may be anything that a test compared. */
function toDetails(value: unknown, map: TextMapping): Json {
  const count = Number(readProperty(value, 'length')) || 0;
  return Array.from({ length: Math.min(count, DETAILS_SHOWN) }, (_, index) => {
    return toPortableJson(readProperty(value, String(index)), map, DETAILS_LIMIT) ?? {};
  });
}

/** One property after the other, so that one that cannot be copied costs no other. */
function copyFields(
  value: object,
  map: TextMapping,
  copyField: (name: string, field: unknown) => Json | undefined,
): JsonObject {
  const fields = ownNames(value).flatMap((name): [string, Json][] => {
    const json = copyField(name, readProperty(value, name));
    return json === undefined ? [] : [[map(name), json]];
  });
  return Object.fromEntries(fields);
}

/** What Jest or its runners put on a result; anything else is somebody's addition. */
const JEST_FIELDS = new Set(['console', 'snapshot', 'perfStats', 'failureMessage', 'openHandles']);

/** One test's result, its fields in their order. */
function toCopiedTest(test: unknown, map: TextMapping): JsonObject {
  if (typeof test !== 'object' || test === null) return { title: textOf(test) };
  return copyFields(test, map, (name, field) =>
    name === 'failureDetails' ? toDetails(field, map) : toPortableJson(field, map, FIELD_LIMIT),
  );
}

const toStoredTest = (test: unknown, map: TextMapping): JsonObject =>
  completeTest(toCopiedTest(test, map)) as unknown as JsonObject;

/** These have places of their own in the blob. */
const ELSEWHERE = new Set(['coverage', 'v8Coverage', 'testExecError', 'testResults', 'jestDistributed']);

function toStoredResult(result: object, map: TextMapping, facts: FileFacts): StoredResult {
  const fields = copyFields(result, map, (name, field) => {
    if (ELSEWHERE.has(name)) return undefined;
    return toPortableJson(field, map, JEST_FIELDS.has(name) ? undefined : FIELD_LIMIT);
  });
  const tests = readProperty(result, 'testResults');
  const count = Array.isArray(tests) ? tests.length : 0;
  const testResults = Array.from({ length: count }, (_, index) =>
    toCopiedTest(readProperty(tests, String(index)), map),
  );
  return completeResult({ ...fields, testResults }, facts);
}

/** Without a map that can be read, coverage is that of the code that ran. */
function readSourceMap(file: string | null | undefined, map: TextMapping): Json {
  try {
    return file && existsSync(file) ? (toPortableJson(parse(readFileSync(file, 'utf8')), map) ?? null) : null;
  } catch {
    return null;
  }
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

function toSplit(record: SelectionRecord | undefined, map: TextMapping): StoredSplit | null {
  if (!record || !Array.isArray(record.seen) || !Array.isArray(record.mine)) return null;
  return { seen: record.seen.map((name) => map(String(name))), mine: record.mine };
}

/** A case that is equal to a result is only pointed at. */
function toCases(cases: readonly Json[], tests: readonly JsonObject[]): FileRecord['cases'] {
  const places = new Map(tests.map((test, index) => [stringify(test), index]));
  return cases.map((one) => places.get(stringify(one)) ?? (one as JsonObject));
}

/** Where no case was reported: Jest reports none of a skipped test. */
function allCases(tests: readonly JsonObject[]): number[] {
  return [...tests.keys()].filter((index) => tests[index]?.status !== 'pending');
}

/** Of failed cases those that were earlier tries of these tests; they are taken out of the list. */
function takeRetried(failed: JsonObject[], tests: readonly JsonObject[]): JsonObject[] {
  const names = new Set(tests.filter((test) => triesOf(test) > 1).map(({ fullName }) => fullName));
  const last = new Set(tests.map((test) => stringify(test)));
  const own = failed.filter(({ fullName }) => names.has(fullName ?? null));
  failed.splice(0, failed.length, ...failed.filter((one) => !own.includes(one)));
  return own.filter((one) => !last.has(stringify(one)));
}

function toStarts(
  starts: OpenFile['starts'],
  cases: FileRecord['cases'],
  tests: readonly JsonObject[],
): readonly CaseStart[] {
  const byName = new Map<Json | undefined, number[]>();
  tests.forEach(({ fullName }, index) => {
    const known = byName.get(fullName);
    if (known === undefined) byName.set(fullName, [index]);
    else known.push(index);
  });
  return starts.map(({ info, at }): CaseStart => {
    const named = byName.get(info.fullName) ?? [];
    // Of tests that share a name it is the one that has its result next, unless tests run beside each other.
    const next = cases[at];
    const test = typeof next === 'number' && named.includes(next) ? next : named[0];
    if (test === undefined) return [info, at];
    const startedAt = typeof info.startedAt === 'number' ? info.startedAt : null;
    return info.mode == null ? [test, at, startedAt] : [test, at, startedAt, String(info.mode)];
  });
}

/** Where no start was reported: every test that has a case began just before it, but for those that are only a title. */
function allStarts(cases: FileRecord['cases'], tests: readonly JsonObject[]): readonly CaseStart[] {
  return cases.flatMap((test, at): CaseStart[] => {
    const result = typeof test === 'number' ? tests[test] : undefined;
    if (typeof test !== 'number' || result?.status === 'todo') return [];
    return [[test, at, typeof result?.startAt === 'number' ? result.startAt : null]];
  });
}

function endState(results: JestAggregatedResult, { bail = 0 }: JestGlobalConfig): EndState {
  if (results.wasInterrupted === true) return 'interrupted';
  // As Jest decides it: it stops after the file that reached the limit.
  const isOver = bail > 0 && results.numFailedTests >= bail;
  return isOver && results.testResults.length < results.numTotalTestSuites ? 'bailed' : 'complete';
}

const NO_COVERAGE: StoredCoverage = { babel: null, v8: null };

export function createRecorder(options: RecorderOptions): Recorder {
  const { rootDir, repositoryDir = null, fileOf, partsOf, queueRunOf, takesCoverage = false } = options;
  const map = toPortable(rootDir, repositoryDir);
  const beganMs = now();
  // Jest gives a case's path only; two projects that run one path at the same time cannot be kept apart, and their
  // cases are then taken from the results.
  const open = new Map<string, OpenFile>();
  const ambiguous = new Set<string>();
  // Of a path that runs twice at once: tries of its tests that failed, and which of the two they are of is in their names.
  const failedCases = new Map<string, JsonObject[]>();

  const prepared = new WeakMap<object, { readonly record: FileRecord; readonly caseCount: number }>();

  const caseFields = (test: JestTest, tests: readonly JsonObject[], opened: OpenFile | undefined) => {
    const isReported = opened !== undefined && !ambiguous.has(test.path);
    const cases = isReported
      ? toCases(opened.cases, tests)
      : [...takeRetried(failedCases.get(test.path) ?? [], tests), ...allCases(tests)];
    return { cases, starts: isReported ? toStarts(opened.starts, cases, tests) : allStarts(cases, tests) };
  };

  const makeRecord = (
    test: JestTest,
    testResult: JestTestResult,
    worker: number | null,
    coverage: StoredCoverage,
  ): FileRecord | undefined => {
    const file = fileOf(test);
    if (file === undefined) return undefined;
    const opened = open.get(test.path);
    const raw = testResult as RawResult;
    const nowMs = now();
    const reportedMs = readProperty(readProperty(raw, 'perfStats'), 'start');
    const startMs =
      heldStartOf(test) ?? opened?.startMs ?? (typeof reportedMs === 'number' && reportedMs > 0 ? reportedMs : nowMs);
    const result = toStoredResult(raw, map, { testFilePath: map(test.path), startMs, endMs: nowMs });
    return {
      file,
      parts: partsOf(file, test),
      startMs,
      wallMs: Math.max(0, nowMs - startMs),
      worker,
      workerProcess: processOf(test, worker),
      split: toSplit(raw.jestDistributed, map),
      ...caseFields(test, result.testResults as readonly JsonObject[], opened),
      result,
      execError: raw.testExecError ? toStoredError(raw.testExecError, map) : null,
      coverage,
    };
  };

  /** Reporters before ours may be slow, so that the last cases came after the result was prepared. */
  const withLateCases = (record: FileRecord, caseCount: number, test: JestTest): FileRecord => {
    const opened = open.get(test.path);
    if (opened === undefined || opened.cases.length === caseCount || ambiguous.has(test.path)) return record;
    return { ...record, ...caseFields(test, record.result.testResults as readonly JsonObject[], opened) };
  };

  /** Ends what was reported of a file since its start. */
  const close = (
    test: JestTest,
    testResult: JestTestResult,
    readCoverage: () => StoredCoverage,
  ): FileRecord | undefined => {
    const worker = takeWorker(testResult) ?? workerOf(test);
    const known = prepared.get(testResult);
    // Jest keeps its results to the end of the run, and this is much more than they are.
    prepared.delete(testResult);
    const record =
      known === undefined
        ? makeRecord(test, testResult, worker, readCoverage())
        : withLateCases(known.record, known.caseCount, test);
    open.delete(test.path);
    return record;
  };

  return {
    fileStart(test) {
      if (open.has(test.path)) ambiguous.add(test.path);
      open.set(test.path, { startMs: now(), cases: [], starts: [] });
    },
    caseStart({ path }, info) {
      const file = open.get(path);
      file?.starts.push({ info: toCopiedTest(info, map), at: file.cases.length });
    },
    caseResult({ path }, testCase) {
      const stored = toStoredTest(testCase, map);
      open.get(path)?.cases.push(stored);
      if (!ambiguous.has(path) || stored.status !== 'failed') return;
      failedCases.set(path, [...(failedCases.get(path) ?? []), stored]);
    },
    prepare(test, result, queueRun, asReported = result) {
      // A copy, so that the note stays on the result.
      const coverage = toStoredCoverage(asReported as RawResult, map);
      const record = makeRecord(test, asReported, takeWorker({ ...asReported }) ?? workerOf(test), coverage);
      if (record === undefined) return undefined;
      prepared.set(result, { record, caseCount: open.get(test.path)?.cases.length ?? 0 });
      return { ...record, queue: queueRun };
    },
    fileResult(test, testResult) {
      const raw = testResult as RawResult;
      const record = close(test, testResult, () => toStoredCoverage(raw, map));
      if (record === undefined) return undefined;
      const queueRun = queueRunOf?.(test) ?? null;
      if (takesCoverage) {
        delete raw.coverage;
        delete raw.v8Coverage;
      }
      return queueRun === null ? record : { ...record, queue: queueRun };
    },
    tryResult(test, testResult, tried) {
      const record = close(test, testResult, () => NO_COVERAGE);
      return record && toTryRecord({ ...record, coverage: NO_COVERAGE }, tried);
    },
    end(results, globalConfig, errors = []) {
      const { snapshot, runExecError } = results as JestAggregatedResult & {
        readonly snapshot?: { readonly filesRemovedList?: readonly string[] };
        readonly runExecError?: unknown;
      };
      const all = runExecError === undefined ? errors : [runExecError, ...errors];
      const endMs = now();
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
