/** `--jsonl`: all results of a run, one test file a line. */
import { appendFileSync, closeSync } from 'node:fs';
import type { FileRecord } from '../../blob/blob';
import { earlierTries } from '../../blob/test-tries';
import type { Folders } from '../../files/folders';
import type { GatheredRun } from '../../files/load-run';
import { openOutput } from '../../files/output-file';
import { fileKey } from '../../plan/item';
import { executionsOf, type ReportedTry } from '../../reports/run-report/retry-rows';
import { eachRecord } from './each-record';
import { readTries } from './read-tries';

/** An execution of a test, or of its whole file, that does not count. */
interface TryLine {
  /** Full name, or null: the file as a whole. */
  readonly test: string | null;
  readonly kind: ReportedTry['kind'] | 'rerun';
  readonly outcome: ReportedTry['outcome'];
  readonly node: number | null;
  readonly nodeName: string | null;
  readonly startMs: number | null;
  readonly durationMs: number | null;
  readonly errors: readonly string[];
}

const toLines = (tried: ReportedTry): TryLine[] =>
  executionsOf(tried).map(({ test, kind, outcome, startMs, durationMs, messages: errors }) => {
    const { node, nodeName } = tried;
    return { test: test?.fullName ?? null, kind, outcome, node, nodeName, startMs, durationMs, errors };
  });

/** Whether a try was one of what this record is of: of a split file that is only a part. */
function isOf({ kind, part, node }: ReportedTry, record: FileRecord, number: number): boolean {
  if (record.queue) return part === record.queue.part;
  return kind !== 'replaced' || node === number;
}

function linesOf(record: FileRecord, node: number, reported: readonly ReportedTry[]): TryLine[] {
  const own = [...earlierTries(record)].flatMap(([index, tries]) =>
    tries.map(({ messages: errors, startMs, durationMs }): TryLine => {
      const test = record.result.testResults[index]?.fullName ?? '';
      return { test, kind: 'rerun', outcome: 'failed', node, nodeName: null, startMs, durationMs, errors };
    }),
  );
  return [...reported.filter((one) => isOf(one, record, node)).flatMap(toLines), ...own];
}

/** Writes all results of a run. @param file path below the working directory. */
export function writeJsonLines(run: GatheredRun, folders: Folders, file: string): void {
  const reported = new Map<string, ReportedTry[]>();
  for (const one of readTries(run, folders)) {
    const key = fileKey(one.file);
    reported.set(key, [...(reported.get(key) ?? []), one]);
  }
  // Synchronously: a stream would keep all of it in memory, and this is for runs that are too large for one string.
  const descriptor = openOutput(file);
  try {
    eachRecord(run, folders, (record, { metadata: { node } }) => {
      const { file: name, startMs, wallMs, result, execError } = record;
      const tries = linesOf(record, node.number, reported.get(fileKey(name)) ?? []);
      const line = {
        ...{ node: node.number, project: name.project, file: name.path, startMs, wallMs, result, execError, tries },
      };
      appendFileSync(descriptor, `${JSON.stringify(line)}\n`);
    });
  } finally {
    closeSync(descriptor);
  }
}
