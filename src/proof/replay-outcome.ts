/**
 * What became of a replay, judged from outside: the process that makes it runs the project's own reporters, and they may
 * do anything to it.
 */
import type { TestFile } from '../plan/item';
import { countOf } from './finding';

/** What the replaying process reports when Jest is at its end. */
export interface ReplayOutcome {
  /** Jest's own verdict. */
  readonly success: boolean;
  /** Why Jest calls the run failed, besides failed tests. */
  readonly causes: readonly string[];
  /** What Jest gave up with, or null. */
  readonly error: string | null;
  /** Test files and tests that Jest received. */
  readonly files: number;
  readonly tests: number;
  /** Test files that Jest found in this checkout and of which no blob has a result. */
  readonly unknown: readonly TestFile[];
  /** Digest of the Jest call that found them. */
  readonly call: string | null;
}

export interface ReplayEnd {
  /** Of the replaying process; null where a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  /** Undefined where it ended without one. */
  readonly outcome: ReplayOutcome | undefined;
}

/** What the blobs hold. */
export interface ReplayDue {
  readonly files: number;
  /** At least so many tests. */
  readonly tests: number;
}

/** Arguments with which Jest shows something, or less than everything. */
const NARROWING =
  /^--?(listTests|list-tests|showConfig|show-config|version|v|help|h|watch\w*|init|clearCache|clear-cache)(=|$)/;

/** A hint at what may have kept Jest from it, or ''. */
function hint(jestArgs: readonly string[]): string {
  const named = jestArgs.filter((arg) => NARROWING.test(arg));
  return named.length === 0 ? '' : ` (its arguments were ${named.join(' ')})`;
}

function howEnded({ code, signal }: ReplayEnd): string {
  return signal === null ? `with exit code ${code}` : `by ${signal}`;
}

/**
 * What is wrong with a replay besides failed tests, a clause each; none where all is well.
 *
 * @param jestArgs arguments that Jest was given, for the message.
 */
export function replayProblems(end: ReplayEnd, due: ReplayDue, jestArgs: readonly string[]): string[] {
  const { code, signal, outcome } = end;
  if (outcome === undefined) {
    return [`the process of Jest's reporters ended ${howEnded(end)} before the run was reported${hint(jestArgs)}`];
  }
  const { success, causes, error, files, tests } = outcome;
  if (error !== null) return [`Jest could not report the run: ${error}`];
  const missing = [
    ...(files < due.files ? [`${files} of ${countOf(due.files, 'test file')}`] : []),
    ...(files >= due.files && tests < due.tests ? [`${tests} of ${countOf(due.tests, 'test')}`] : []),
  ].map((what) => `Jest reported only ${what}${hint(jestArgs)}`);
  if (missing.length > 0) return missing;
  const badEnd = `the project's reporters ended ${howEnded(end)}`;
  // Killed after it had reported: no exit code says then that Jest was not content.
  if (!success) return signal === null ? [...causes] : [...causes, badEnd];
  return code === 0 ? [] : [badEnd];
}
