/** What was tried more than once, for programs. */
import type { ReportRetry, ReportTry, RunReport } from './run-report';

export interface RetryJson {
  readonly project: string | null;
  readonly file: string;
  /** Names of its describe blocks, then its own; null: the file as a whole. */
  readonly test: readonly string[] | null;
  /** It passed in the end, after a failure. */
  readonly flaky: boolean;
  /** The one that counts among them. */
  readonly executions: number;
  /** Node (1-based) of the execution that counts; null where none does. */
  readonly node: number | null;
  /** Executions that do not count, oldest first. */
  readonly tries: readonly TryJson[];
}

interface TryJson extends Pick<ReportTry, 'kind' | 'outcome' | 'node' | 'nodeName' | 'durationMs'> {
  /** ISO 8601 in UTC, by the clock of its node; null where it is not known. */
  readonly startedAt: string | null;
  /** Messages with their stacks, colour codes and all. */
  readonly errors: readonly string[];
}

export function retriesJson({ retries, files, run }: Pick<RunReport, 'retries' | 'files' | 'run'>): RetryJson[] {
  const startedAt = (offsetMs: number | null): string | null =>
    offsetMs === null || run.startMs === null ? null : new Date(run.startMs + offsetMs).toISOString();
  return retries.map(
    ({ project, path, titles, isFlaky, executions, file, tries }: ReportRetry): RetryJson => ({
      ...{ project, file: path, test: titles, flaky: isFlaky, executions },
      node: file === null ? null : (files[file]?.node ?? null),
      tries: tries.map(({ kind, outcome, node, nodeName, durationMs, startOffsetMs, messages }) => ({
        ...{ kind, outcome, node, nodeName, startedAt: startedAt(startOffsetMs), durationMs, errors: messages },
      })),
    }),
  );
}
