/** A run beside an earlier one: what is new, what was so before. */
import { fileKey, type TestFile } from '../../plan/item';
import type { BaseRunRecord } from '../../queue/history';
import type { Timings } from '../../timings/timings';
import type { BaseRunFacts, FailedThen, ReportBase, RunReport, SlowerFile } from './run-report';
import { joinRuns } from './whole-files';

/** What is known of an earlier run, or of earlier runs. */
export interface BaseRun {
  /** Null: the recorded timings of earlier runs. */
  readonly run: BaseRunFacts | null;
  /** What each file took as a whole, in milliseconds, by `fileKey`. */
  readonly durations: ReadonlyMap<string, number>;
  /** What failed; null where that is not known. */
  readonly failed: readonly FailedThen[] | null;
}

const MOST_FIXED = 100;
const MOST_SLOWER = 5;

/** A file counts as slower from so much on, in milliseconds and as a factor: less is the noise of machines. */
const SLOWER_MS = 1_000;
const SLOWER_FACTOR = 1.5;

export function baseOfTimings({ files }: Timings): BaseRun | null {
  const durations = new Map<string, number>();
  for (const [key, { durationMs }] of files) if (durationMs !== null) durations.set(key, durationMs);
  return durations.size === 0 ? null : { run: null, durations, failed: null };
}

export function baseOfRecord({ runId, commit, wallMs, results }: BaseRunRecord): BaseRun {
  const durations = new Map<string, number>();
  const failed = new Map<string, FailedThen>();
  for (const { file, durationMs, ok, failed: tests } of results) {
    // Parts of a file are one.
    if (durationMs !== null) durations.set(fileKey(file), (durations.get(fileKey(file)) ?? 0) + durationMs);
    if (ok) continue;
    const names = tests.length === 0 ? [null] : tests;
    for (const test of names) failed.set(nameKey(file, test), { project: file.project, path: file.path, test });
  }
  return { run: { id: runId, commit, wallMs }, durations, failed: [...failed.values()] };
}

const nameKey = (file: TestFile, test: string | null): string => `${fileKey(file)}\0${test ?? ''}`;

function compareFailures(report: RunReport, failed: readonly FailedThen[]) {
  const { files, tests, failures } = report;
  const then = new Set(failed.map((one) => nameKey(one, one.test)));
  const names = failures.map(({ file, test }) => {
    const named = test === null ? null : (tests[test]?.titles.join(' ') ?? null);
    return nameKey(files[file] ?? { project: null, path: '' }, named);
  });
  const now = new Set(names);
  const passed = new Set(
    tests.flatMap(({ file, titles, status }) => {
      const place = files[file];
      return status === 'passed' && place !== undefined ? [nameKey(place, titles.join(' '))] : [];
    }),
  );
  const passedFiles = new Set(files.flatMap((file) => (file.status === 'passed' ? [nameKey(file, null)] : [])));
  const isFixed = (one: FailedThen) => {
    const key = nameKey(one, one.test);
    return !now.has(key) && (one.test === null ? passedFiles : passed).has(key);
  };
  return {
    oldFailures: names.flatMap((key, index) => (then.has(key) ? [index] : [])),
    fixed: failed.filter(isFixed).slice(0, MOST_FIXED),
  };
}

export function compareWithBase(report: RunReport, { run, durations, failed }: BaseRun): ReportBase {
  const whole = joinRuns(report.files);
  const common = whole.flatMap(({ first, durationMs }): SlowerFile[] => {
    const file = report.files[first];
    const baseMs = file === undefined ? undefined : durations.get(fileKey(file));
    return baseMs === undefined ? [] : [{ file: first, baseMs, nowMs: durationMs }];
  });
  const isSlower = ({ baseMs, nowMs }: SlowerFile) => nowMs - baseMs >= SLOWER_MS && nowMs >= baseMs * SLOWER_FACTOR;
  return {
    run,
    commonFiles: common.length,
    addedFiles: whole.length - common.length,
    removedFiles: run === null ? null : durations.size - common.length,
    baseMs: common.reduce((sum, { baseMs }) => sum + baseMs, 0),
    nowMs: common.reduce((sum, { nowMs }) => sum + nowMs, 0),
    ...(failed === null ? { oldFailures: null, fixed: [] } : compareFailures(report, failed)),
    slower: common
      .filter(isSlower)
      .sort((a, b) => b.nowMs - b.baseMs - (a.nowMs - a.baseMs))
      .slice(0, MOST_SLOWER),
  };
}
