/**
 * The report's tests and files that were tried more than once.
 *
 * Executions that do not count come before the files that do: whether a test is worth a row depends on them.
 */

import type { StoredTest } from '../../blob/blob';
import { earlierTries, triesOf } from '../../blob/test-tries';
import { type TriedTest, withOccurrences } from '../../blob/try-record';
import { fileKey, type TestFile } from '../../plan/item';
import { fileFailure, splitFailures } from './failure-blocks';
import type { ReportLimits, TextBudget } from './limits';
import { type FileOutcome, fileStatus, statusOf, titlesOf } from './outcomes';
import { ownFrames } from './own-frames';
import type { ReportRetry, ReportTest, ReportTry, TryKind } from './run-report';

/** An execution that does not count, as a blob or a queue records it. */
export interface ReportedTry {
  readonly file: TestFile;
  readonly part: string | null;
  readonly kind: Exclude<TryKind, 'rerun'>;
  readonly outcome: ReportTry['outcome'];
  /** 1-based; null where it left no blob. */
  readonly node: number | null;
  readonly nodeName: string | null;
  /** Milliseconds since 1970; null where it is not known, as in the following. */
  readonly startMs: number | null;
  readonly durationMs: number | null;
  /** Tests that failed, and those that Jest tried more than once. */
  readonly tests: readonly TriedTest[];
  /** What Jest prints of the failed file, or why it did not run. */
  readonly failure: string | null;
}

/** One execution of a test, or of the file as a whole: then the test is null. */
interface Execution extends Pick<ReportTry, 'kind' | 'outcome' | 'durationMs' | 'messages'> {
  readonly test: TriedTest | null;
  readonly startMs: number | null;
}

/** All that a try that does not count consists of, in the order in which it ran. */
export function executionsOf({ tests, failure, kind, outcome, startMs, durationMs }: ReportedTry): Execution[] {
  const ofTests = tests.flatMap((test): Execution[] => [
    ...test.earlier.map((one) => ({ test, kind: 'rerun' as const, outcome: 'failed' as const, ...one })),
    {
      ...{ test, kind, outcome: test.outcome, startMs, durationMs: test.durationMs ?? durationMs },
      messages: test.failureMessages,
    },
  ]);
  if (tests.some((test) => test.outcome === 'failed')) return ofTests;
  return [{ test: null, kind, outcome, startMs, durationMs, messages: failure ? [failure] : [] }, ...ofTests];
}

type OpenTry = Omit<ReportTry, 'startOffsetMs'> & { readonly startMs: number | null };

interface OpenRetry extends TestFile {
  titles: readonly string[] | null;
  tries: OpenTry[];
  /** How it ended; undefined while no execution counts. */
  end: { readonly file: number; readonly row: ReportTest | null; readonly hasPassed: boolean } | undefined;
}

export interface RetryRows {
  /** To be called before the files that count. */
  addTry(tried: ReportedTry): void;
  /** The tests of a file that counts, as far as they were tried before; by their index in its result. */
  triedTests(outcome: FileOutcome): ReadonlySet<number>;
  /**
   * @param file index of the file. @param rows the row of each of its tests.
   */
  add(file: number, node: number, outcome: FileOutcome, rows: readonly (ReportTest | undefined)[]): void;
  finish(
    filePlace: (file: number) => number,
    testPlace: (row: ReportTest) => number | null,
    clock: (atMs: number) => number,
  ): readonly ReportRetry[];
  omitted(): number;
}

const WHOLE = '';
const NONE: ReadonlySet<number> = new Set();

export function createRetryRows(
  limits: ReportLimits,
  budget: TextBudget,
  shorten: (text: string) => string,
): RetryRows {
  /** By file (and part where only a part was tried), then by test. */
  const byFile = new Map<string, Map<string, OpenRetry>>();
  /** Of each file the tests of which a try failed, listed or not. */
  const failedTests = new Map<string, Set<string>>();
  let count = 0;
  let omitted = 0;

  const nameOf = (fullName: string, occurrence: number) => `${occurrence} ${fullName}`;

  const open = (file: TestFile, name: string, titles: readonly string[] | null): OpenRetry | undefined => {
    const key = fileKey(file);
    const known = byFile.get(key) ?? new Map<string, OpenRetry>();
    byFile.set(key, known);
    let retry = known.get(name);
    if (retry === undefined) {
      if (count >= limits.retries) {
        omitted += 1;
        return undefined;
      }
      count += 1;
      retry = { project: file.project, path: file.path, titles, tries: [], end: undefined };
      known.set(name, retry);
    }
    return retry;
  };

  const taken = (messages: readonly string[]): readonly string[] =>
    messages.flatMap((text) => budget.take(shorten(text)) ?? []);

  return {
    addTry(tried) {
      const { file, tests, failure, node, nodeName } = tried;
      const names = tests.map(({ fullName, occurrence }) => nameOf(fullName, occurrence));
      const named = tests.map(({ ancestorTitles, title, failureMessages }) => ({
        titles: [...ancestorTitles, title],
        failureMessages,
      }));
      const blocks = splitFailures(failure ?? '', named);
      if (names.length > 0) {
        failedTests.set(fileKey(file), new Set([...(failedTests.get(fileKey(file)) ?? []), ...names]));
      }
      for (const { test, messages, ...execution } of executionsOf(tried)) {
        const index = test === null ? -1 : tests.indexOf(test);
        const retry = open(file, names[index] ?? WHOLE, named[index]?.titles ?? null);
        const ofTest = execution.kind === 'rerun' ? messages.map(ownFrames) : (blocks[index] ?? messages);
        const shown = taken(test === null ? messages.map(fileFailure) : ofTest);
        retry?.tries.push({ ...execution, node, nodeName, messages: shown });
      }
    },
    triedTests({ file, result }) {
      const known = failedTests.get(fileKey(file));
      // Nearly always: of two million tests nothing is looked up.
      if (known === undefined && result.testResults.every((test) => triesOf(test) === 1)) return NONE;
      const tried = withOccurrences(result.testResults, (test, occurrence, index) => {
        if (triesOf(test) > 1) return index;
        return known?.has(nameOf(test.fullName, occurrence)) ? index : -1;
      });
      return new Set(tried.filter((index) => index >= 0));
    },
    add(fileIndex, node, outcome, rows) {
      const { file, result } = outcome;
      const earlier = earlierTries(outcome);
      const known = byFile.get(fileKey(file));
      if (earlier.size === 0 && known === undefined) return;
      const whole = known?.get(WHOLE);
      // Of a split file any part will do that passed; one that failed says more.
      const hasPassed = fileStatus(outcome) !== 'failed';
      if (whole !== undefined && (whole.end === undefined || !hasPassed)) {
        whole.end = { file: fileIndex, row: null, hasPassed };
      }
      withOccurrences(result.testResults, (test: StoredTest, occurrence, index) => {
        const own = earlier.get(index) ?? [];
        const name = nameOf(test.fullName, occurrence);
        if (own.length === 0 && !known?.has(name)) return;
        const retry = open(file, name, titlesOf(test));
        if (retry === undefined) return;
        // A stand-in for a test that another node has says nothing of it.
        const status = statusOf(test);
        if (retry.end !== undefined && status === 'skipped') return;
        retry.titles = titlesOf(test);
        retry.end = { file: fileIndex, row: rows[index] ?? null, hasPassed: status === 'passed' };
        for (const { messages, startMs, durationMs } of own) {
          const texts = taken(messages.map(ownFrames));
          retry.tries.push({
            ...{ kind: 'rerun', outcome: 'failed', node, nodeName: null, startMs, durationMs, messages: texts },
          });
        }
      });
    },
    finish(filePlace, testPlace, clock) {
      const all = [...byFile.values()].flatMap((retries) => [...retries.values()]);
      const rows = all.map(({ project, path, titles, tries, end }): ReportRetry => {
        const sorted = sortTries(tries);
        return {
          ...{ project, path, titles },
          file: end === undefined ? null : filePlace(end.file),
          test: end?.row ? testPlace(end.row) : null,
          isFlaky: end?.hasPassed === true && tries.some(({ outcome }) => outcome === 'failed'),
          executions: tries.length + (end === undefined ? 0 : 1),
          tries: sorted.slice(0, limits.tries).map(({ startMs, ...rest }) => ({
            ...rest,
            startOffsetMs: startMs === null ? null : clock(startMs),
          })),
        };
      });
      return rows.sort(
        (a, b) =>
          Number(b.isFlaky) - Number(a.isFlaky) || compareTexts(a.path, b.path) || (a.test ?? -1) - (b.test ?? -1),
      );
    },
    omitted: () => omitted,
  };
}

/** By start; one whose start is not known stays behind the one that it was recorded after. */
function sortTries(tries: readonly OpenTry[]): OpenTry[] {
  let lastMs = Number.NEGATIVE_INFINITY;
  return tries
    .map((one) => {
      lastMs = one.startMs ?? lastMs;
      return { one, atMs: lastMs };
    })
    .sort((a, b) => (a.atMs === b.atMs ? 0 : a.atMs - b.atMs))
    .map(({ one }) => one);
}

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
