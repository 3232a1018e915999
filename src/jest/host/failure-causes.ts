/**
 * Why Jest calls a run failed in which no test failed: coverage thresholds, obsolete snapshots, a reporter's error.
 */
import type { ResolvedJest } from './resolve-jest';

/** As much of Jest's results as says why a run is not a success. */
export interface FailedRun {
  readonly snapshot?: {
    readonly failure?: boolean;
    readonly unchecked?: number;
    readonly filesRemoved?: number;
  };
}

interface ReporterClass {
  readonly prototype: { getLastError?: () => unknown };
}

/**
 * Collects what reporters give as their error, by the method with which Jest asks them. Thresholds are known to nobody else:
 * Jest's coverage reporter checks and prints them, and Jest itself only learns that there was an error.
 *
 * To be called before Jest makes its reporters.
 *
 * @returns the errors' messages so far.
 */
export function watchReporterErrors(host: ResolvedJest): () => readonly string[] {
  const messages = new Set<string>();
  const { BaseReporter } = host.load<{ readonly BaseReporter?: ReporterClass }>('@jest/reporters');
  const original = BaseReporter?.prototype.getLastError;
  if (BaseReporter === undefined || original === undefined) return () => [];
  BaseReporter.prototype.getLastError = function getLastError(this: unknown) {
    const error = original.call(this);
    if (error instanceof Error) messages.add(error.message);
    return error;
  };
  return () => [...messages];
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/**
 * A clause for each cause; none where nothing is known.
 *
 * @param reporterErrors messages of reporters, one or more lines each.
 */
export function failureCauses({ snapshot }: FailedRun, reporterErrors: readonly string[]): string[] {
  const { failure = false, unchecked = 0, filesRemoved = 0 } = snapshot ?? {};
  const lines = reporterErrors.flatMap((text) => text.split('\n')).map((line) => line.trim());
  // A clause of a sentence: Jest 30 begins one with a capital letter.
  const clauses = lines.map((line) => line.replace(/^Jest: /, '').replace(/^Coverage /, 'coverage '));
  return [
    ...clauses.filter((line) => line !== ''),
    ...(failure && unchecked > 0 ? [`Jest found ${count(unchecked, 'obsolete snapshot')} (jest -u removes them)`] : []),
    ...(failure && filesRemoved > 0
      ? [`Jest found ${count(filesRemoved, 'obsolete snapshot file')} (jest -u removes them)`]
      : []),
  ];
}
