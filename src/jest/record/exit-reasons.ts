/**
 * Why a node's process ended badly, where that is not for a failed test.
 */
import { type FailedRun, failureCauses } from '../host/failure-causes';
import type { JestOutcome } from './jest-outcome';

/** As much of Jest's results as is needed here. */
interface ExitResults extends FailedRun {
  readonly success?: boolean;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

export interface ExitFacts {
  readonly code: number | null;
  readonly signal: string | null;
  readonly outcome: JestOutcome;
  readonly results: ExitResults;
  /** What reporters gave as their errors. */
  readonly reporterErrors: readonly string[];
  /** Of an error that nobody caught after the tests, or undefined. */
  readonly uncaught: string | undefined;
  /** Of hooks and fixtures whose teardown failed. */
  readonly teardowns: readonly string[];
  /** What is wrong with the quarantine, a clause each. */
  readonly own?: readonly string[];
  /** Message of the error that was printed after the tests, or undefined. */
  readonly printed: string | undefined;
}

/** Characters of one reason: a person reads it in a sentence, and the log has the rest. */
const LONGEST = 300;

/** An error's message as a clause of a sentence. */
function clause(message: string): string {
  const text = message
    .replace(/^jest: /i, '')
    .replace(/\s*\n\s*/g, ' ')
    .trim();
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

const hasFailures = ({ numFailedTests, numRuntimeErrorTestSuites }: ExitResults): boolean =>
  numFailedTests > 0 || numRuntimeErrorTestSuites > 0;

/** Of a run that Jest calls failed; it calls it so from the start, until all reporters are at their end. */
function reasonsOfRun({ outcome, results, reporterErrors }: ExitFacts): string[] {
  const causes = failureCauses(results, reporterErrors);
  if (causes.length > 0 || hasFailures(results) || results.snapshot?.failure === true) return causes;
  return outcome.kind === 'done' ? ['a reporter of the project reported an error'] : [];
}

/** A clause for each reason; none where the process itself does not know. */
export function exitReasons(facts: ExitFacts): string[] {
  const { code, signal, outcome, results, uncaught, teardowns, own = [], printed } = facts;
  if (signal !== null || code === 0) return [];
  if (teardowns.length > 0) return teardowns.map((text) => clause(text.split('\n')[0] as string));
  if (own.length > 0) return own.map(clause);
  if (outcome.kind === 'threw') return [clause(outcome.message)];
  if (uncaught !== undefined) return [`an uncaught error after the tests: ${clause(uncaught)}`];
  // With --bail Jest itself leaves here, for a failure that the report shows.
  if (outcome.kind === 'running' && hasFailures(results)) return [];
  if (outcome.kind === 'running') return ['process.exit was called before Jest had finished (by a reporter?)'];
  if (results.success === false) {
    const causes = reasonsOfRun(facts);
    const isUnexplained = causes.length === 0 && outcome.kind === 'unknown' && !hasFailures(results);
    return (isUnexplained && printed !== undefined ? [printed] : causes).map(clause);
  }
  if (outcome.kind === 'unknown' && !hasFailures(results) && printed !== undefined) return [clause(printed)];
  if (outcome.kind === 'done') {
    return ["the project's own code set the exit code: a reporter, globalSetup, globalTeardown or a listener"];
  }
  return [];
}
