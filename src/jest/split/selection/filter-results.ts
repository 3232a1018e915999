/**
 * A TestResult without the tests of other nodes.
 */
import { EMPTY_TITLE, type SplitRecord } from '../../../select/split-record';
import type { AssertionResult, RunnerResult } from './circus-types';
import type { Places } from './result-positions';

/** The property of a TestResult with the record of the selection; survives every way Jest moves results. */
export const RECORD_PROPERTY = 'jestDistributed';

export type SplitResult<Result> = Result & { readonly [RECORD_PROPERTY]: SplitRecord };

const countOf = (results: readonly AssertionResult[], status: string): number =>
  results.filter((result) => result.status === status).length;

/**
 * Stands for "nothing" where no test of a file is this node's: Jest fails a file without any test result. The counts
 * stay zero, so that Jest's summary does not speak of a skipped test.
 */
const emptyResult = (like: AssertionResult): AssertionResult => ({
  ...like,
  duration: null,
  failureDetails: [],
  failureMessages: [],
  ancestorTitles: [],
  title: EMPTY_TITLE,
  fullName: EMPTY_TITLE,
  status: 'pending',
});

/**
 * Drops foreign results and counts again, in place: Jest goes on to fill this very object.
 *
 * @throws what the file itself threw, where no test of it is this node's: Jest hides a file without tests of its own as
 * skipped, and the error with it.
 */
export function filterResults<Result extends RunnerResult>(
  result: Result,
  places: Places,
  record: SplitRecord,
): SplitResult<Result> {
  const mine = new Set<number | null>(record.mine);
  // A test of another node that ran all the same (an environment that takes marks off), or that the file did not declare
  // when it was loaded, is for the proof to name.
  const isKept = ({ status }: AssertionResult, index: number): boolean =>
    places[index] == null || mine.has(places[index]) || status === 'passed' || status === 'failed';
  const own = result.testResults.filter(isKept);
  const ran = places.filter((_, index) => isKept(result.testResults[index] as AssertionResult, index));
  const seen = asReported(record.seen, places, result.testResults);
  if (own.length === 0 && result.testExecError) {
    throw Object.assign(new Error(result.testExecError.message), { stack: result.testExecError.stack });
  }
  result.numFailingTests = countOf(own, 'failed');
  result.numPassingTests = countOf(own, 'passed');
  result.numPendingTests = countOf(own, 'pending');
  result.numTodoTests = countOf(own, 'todo');
  const [first] = result.testResults;
  // A file that declares no test at all is for Jest to complain of.
  result.testResults = own.length > 0 || first === undefined ? own : [emptyResult(first)];
  return Object.assign(result, { [RECORD_PROPERTY]: { ...record, seen, ran, empty: own.length === 0 } });
}

/**
 * Names as this Jest reports them: its versions differ in what they make of an empty title, and the proof compares the
 * record with results.
 */
function asReported(seen: readonly string[], places: Places, results: readonly AssertionResult[]): readonly string[] {
  const names = [...seen];
  places.forEach((place, index) => {
    if (place !== null) names[place] = (results[index] as AssertionResult).fullName;
  });
  return names;
}
