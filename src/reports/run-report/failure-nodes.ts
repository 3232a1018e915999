import type { ReportFailure, RunReport } from './run-report';

/** Nodes (1-based) on which a failure was met. */
export function failureNodes({ files }: Pick<RunReport, 'files'>, { file, repeats }: ReportFailure): number[] {
  return [file, ...repeats].flatMap((index) => files[index]?.node ?? []);
}
