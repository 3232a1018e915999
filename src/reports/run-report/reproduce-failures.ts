/** The commands that repeat failed tests. */
import { type RepeatRecord, repeatTests, type TestToRepeat } from '../../shell/reproduce-tests';
import type { NamedCommand } from '../terminal/command-lines';
import { formatCount } from '../terminal/format';
import type { ReportFailure, RunReport } from './run-report';

/** A failure as a command names it. */
export function failureToRepeat(
  { files, tests }: Pick<RunReport, 'files' | 'tests'>,
  { file, test }: ReportFailure,
): TestToRepeat | null {
  const place = files[file];
  if (place === undefined) return null;
  const named = test === null ? undefined : tests[test];
  return { file: place, name: named === undefined ? null : named.titles.join(' ') };
}

/** All failures of a report, as far as it lists them. */
export const failedOf = (report: Pick<RunReport, 'files' | 'tests' | 'failures'>): TestToRepeat[] =>
  report.failures.flatMap((failure) => failureToRepeat(report, failure) ?? []);

/** cmd.exe takes 8,191 characters, and nobody reads more. */
const LONGEST_COMMAND = 6000;

const lengthOf = (words: readonly string[]): number => words.join(' ').length;

/**
 * One command for all failed tests: as precise as it can be while it is short enough to be typed into any shell.
 *
 * @returns null where even the list of files is too long.
 */
export function repeatAllFailed(failed: readonly TestToRepeat[], record?: RepeatRecord): string[] | null {
  if (failed.length === 0) return null;
  const exact = repeatTests(failed, record);
  if (lengthOf(exact) <= LONGEST_COMMAND) return exact;
  const files = repeatTests(
    failed.map(({ file }) => ({ file, name: null })),
    record,
  );
  return lengthOf(files) <= LONGEST_COMMAND ? files : null;
}

const whatFailed = (failed: readonly TestToRepeat[]): string =>
  failed.every(({ name }) => name !== null) ? 'test' : failed.every(({ name }) => name === null) ? 'file' : 'failure';

/**
 * What a terminal shows: the first failure, and all of them.
 *
 * @param failed may be the first few only.
 * @param count of all.
 */
export function repeatCommands(
  failed: readonly TestToRepeat[],
  count: number,
  record?: RepeatRecord,
): readonly NamedCommand[] {
  const [first] = failed;
  if (first === undefined) return [];
  const all = count > failed.length ? null : repeatAllFailed(failed, record);
  const noun = whatFailed(failed);
  const name = noun === 'failure' ? noun : `failed ${noun}`;
  const one = { what: count === 1 ? `the ${name}` : `the first ${name}`, words: repeatTests([first], record) };
  return count === 1 || all === null
    ? [one]
    : [one, { what: `all ${formatCount(count)} ${noun === 'failure' ? 'failures' : `${name}s`}`, words: all }];
}
