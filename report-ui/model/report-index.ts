/** A report with everything found that the views look up: built once for each report. */
import { failureNodes } from '../../src/reports/run-report/failure-nodes';
import type {
  ConsoleEntry,
  FileStatus,
  ReportFile,
  ReportRetry,
  RunReport,
  TestStatus,
} from '../../src/reports/run-report/run-report';
import { firstError, retryName } from '../../src/reports/run-report/tries-view';
import type { FileName } from './route';

/** A test file; `runs` has several entries where it was split. */
export interface FileEntry extends FileName {
  readonly runs: readonly ReportFile[];
  readonly status: FileStatus;
  /** Of all its runs together. */
  readonly durationMs: number;
  readonly tests: readonly TestEntry[];
  readonly testCount: number;
  readonly failedCount: number;
  readonly failures: readonly FailureEntry[];
  /** Of the file as a whole. */
  readonly retries: readonly RetryEntry[];
  readonly consoles: readonly { readonly run: ReportFile; readonly entries: readonly ConsoleEntry[] }[];
  /** Lower case, for searching. */
  readonly searched: string;
}

export interface TestEntry {
  readonly file: FileEntry;
  readonly run: ReportFile;
  readonly titles: readonly string[];
  readonly name: string;
  /** Which of the tests of this name in its file, from 1. */
  readonly occurrence: number;
  readonly status: TestStatus;
  readonly durationMs: number | null;
  readonly invocations: number;
  readonly isFlaky: boolean;
  readonly failure: FailureEntry | null;
  /** Null where it was tried once. */
  readonly retry: RetryEntry | null;
  readonly searched: string;
}

export interface FailureEntry {
  readonly file: FileEntry;
  readonly run: ReportFile;
  /** Nodes (1-based) on which it was met: several where all parts of a split file failed alike. */
  readonly nodes: readonly number[];
  /** Null where the file failed as a whole. */
  readonly test: TestEntry | null;
  readonly messages: readonly string[];
  /** It failed in an earlier run too; null where that is not known. */
  readonly isOld: boolean | null;
}

/** A test, or a file as a whole, that was tried more than once. */
export interface RetryEntry {
  readonly entry: ReportRetry;
  readonly name: string;
  /** In one line. */
  readonly firstError: string;
  /** Null where no execution of it counts. */
  readonly file: FileEntry | null;
  /** Null for a file, and where the test is not listed. */
  readonly test: TestEntry | null;
}

export interface ReportIndex {
  readonly report: RunReport;
  readonly files: readonly FileEntry[];
  readonly tests: readonly TestEntry[];
  readonly failures: readonly FailureEntry[];
  /** What passed only on a later try. */
  readonly flaky: readonly RetryEntry[];
  readonly slowestFiles: readonly FileEntry[];
  readonly slowestTests: readonly TestEntry[];
  /** Distinct, sorted; empty where there is one unnamed project. */
  readonly projects: readonly string[];
  fileOf(run: ReportFile): FileEntry | undefined;
  findFile(name: FileName): FileEntry | undefined;
  findTest(name: FileName, test: string, occurrence: number): TestEntry | undefined;
}

type Open<T, Lists extends keyof T> = { -readonly [Key in keyof T]: Key extends Lists ? Mutable<T[Key]> : T[Key] };
type Mutable<T> = T extends readonly (infer Item)[] ? Item[] : T;
type OpenFile = Open<FileEntry, 'runs' | 'tests' | 'failures' | 'retries' | 'consoles'>;
type OpenTest = Open<TestEntry, never>;

const keyOf = ({ project, path }: FileName): string => `${project ?? ''}\0${path}`;
const statusRank: Record<FileStatus, number> = { failed: 0, passed: 1, skipped: 2 };

export function indexReport(report: RunReport): ReportIndex {
  const byKey = new Map<string, OpenFile>();
  const fileAt = report.files.map((run): OpenFile => {
    const key = keyOf(run);
    let file = byKey.get(key);
    if (file === undefined) {
      file = {
        ...{ project: run.project, path: run.path, runs: [], status: run.status, durationMs: 0, tests: [] },
        ...{ testCount: 0, failedCount: 0, failures: [], retries: [], consoles: [] },
        searched: `${run.project ?? ''} ${run.path}`.toLowerCase(),
      };
      byKey.set(key, file);
    }
    file.runs.push(run);
    file.durationMs += run.durationMs;
    file.testCount += run.tests;
    file.failedCount += run.failed;
    if (statusRank[run.status] < statusRank[file.status]) file.status = run.status;
    return file;
  });

  const occurrences = new Map<string, number>();
  const tests = report.tests.flatMap((test): OpenTest[] => {
    const file = fileAt[test.file];
    const run = report.files[test.file];
    if (file === undefined || run === undefined) return [];
    const name = test.titles.join(' ');
    const key = `${keyOf(file)}\0${name}`;
    const occurrence = (occurrences.get(key) ?? 0) + 1;
    occurrences.set(key, occurrence);
    const entry: OpenTest = {
      ...{ file, run, titles: test.titles, name, occurrence, status: test.status, durationMs: test.durationMs },
      ...{ invocations: test.invocations, isFlaky: false, failure: null, retry: null },
      searched: `${file.searched} ${name.toLowerCase()}`,
    };
    file.tests.push(entry);
    return [entry];
  });

  const old = report.base?.oldFailures == null ? null : new Set(report.base.oldFailures);
  const failures = report.failures.flatMap((failure, place): FailureEntry[] => {
    const file = fileAt[failure.file];
    const run = report.files[failure.file];
    if (file === undefined || run === undefined) return [];
    const test = failure.test === null ? undefined : tests[failure.test];
    const nodes = failureNodes(report, failure);
    const entry: FailureEntry = {
      file,
      run,
      nodes,
      test: test ?? null,
      messages: failure.messages,
      isOld: old?.has(place) ?? null,
    };
    file.failures.push(entry);
    if (test !== undefined) test.failure = entry;
    return [entry];
  });

  const retries = report.retries.map((entry): RetryEntry => {
    const file = entry.file === null ? undefined : fileAt[entry.file];
    const test = entry.test === null ? undefined : tests[entry.test];
    const name = retryName(entry);
    const retry = { entry, name, firstError: firstError(entry), file: file ?? null, test: test ?? null };
    if (test !== undefined) Object.assign(test, { retry, isFlaky: entry.isFlaky });
    else if (entry.titles === null) file?.retries.push(retry);
    return retry;
  });

  for (const { file, entries } of report.consoles) {
    const run = report.files[file];
    if (run !== undefined) fileAt[file]?.consoles.push({ run, entries });
  }

  const files = [...byKey.values()];
  const testsByName = new Map(tests.map((test) => [`${keyOf(test.file)}\0${test.name}\0${test.occurrence}`, test]));
  return {
    ...{ report, files, tests, failures, flaky: retries.filter(({ entry }) => entry.isFlaky) },
    slowestFiles: [...new Set(report.slowest.files.flatMap((index) => fileAt[index] ?? []))],
    slowestTests: report.slowest.tests.flatMap((index) => tests[index] ?? []),
    projects: [...new Set(files.flatMap(({ project }) => (project === null ? [] : [project])))].sort(),
    fileOf: (run) => byKey.get(keyOf(run)),
    findFile: (name) => byKey.get(keyOf(name)),
    findTest: (name, test, occurrence) => testsByName.get(`${keyOf(name)}\0${test}\0${occurrence}`),
  };
}
