/** What every import of a foreign report has in common. */
import { DistributedError } from '../errors';
import type { TestFile } from '../plan/item';
import type { KnownFile, Unlocated } from './match-report-paths';
import type { FileDuration } from './update';

export interface ReportToImport {
  readonly text: string;
  /** Path of the report, for messages. */
  readonly source: string;
  /** Every file that a run here finds. */
  readonly known: readonly KnownFile[];
  /** Absolute path of the checkout here, as it would stand in a report written here. */
  readonly root?: string | undefined;
}

/** An entry of the report that gave no duration. */
export interface UnmatchedEntry {
  /** What the report calls it: a path, else the name of the suite. */
  readonly name: string;
  readonly reason: Unlocated | 'no-path' | 'not-measured' | 'several-runs';
}

export interface ImportedDurations {
  /** Each file once; ready for `foldDurations`. */
  readonly durations: readonly FileDuration[];
  /** In the order of the report. */
  readonly unmatched: readonly UnmatchedEntry[];
}

const reasons: Readonly<Record<UnmatchedEntry['reason'], string>> = {
  unknown: 'there is no such file here',
  ambiguous: 'it fits several files or projects here equally well',
  'no-path': 'the report does not say which file it is',
  'not-measured': 'it has no duration (it crashed, or was skipped)',
  'several-runs': 'the report has it several times',
};

/** Why an entry gave no duration, for people. */
export function explainUnmatched({ reason }: UnmatchedEntry): string {
  return reasons[reason];
}

export function unreadableReport(source: string, what: string, remedy: string): DistributedError {
  return new DistributedError({
    code: 'IMPORT_UNREADABLE',
    message: `The report ${source} cannot be imported: ${what}.`,
    remedy,
  });
}

export function isLocated(found: TestFile | Unlocated): found is TestFile {
  return typeof found !== 'string';
}
