/**
 * Durations from the file that `jest --json --outputFile=results.json` writes, so that a team starts balanced with an
 * artifact it already has.
 *
 * Format: `FormattedTestResults` of @jest/test-result (29.7 and 30.5). It does not name projects.
 */
import { fileKey } from '../plan/item';
import {
  type ImportedDurations,
  isLocated,
  type ReportToImport,
  type UnmatchedEntry,
  unreadableReport,
} from './import';
import { locateFiles } from './match-report-paths';
import type { FileDuration } from './update';

interface JestFile {
  readonly name: string;
  readonly status?: unknown;
  readonly startTime?: unknown;
  readonly endTime?: unknown;
  readonly assertionResults?: unknown;
}

const remedy = 'Give a file that "jest --json --outputFile=results.json" wrote.';

/**
 * @throws DistributedError IMPORT_UNREADABLE where the text is no such report
 */
export function importJestJson({ text, source, known, root }: ReportToImport): ImportedDurations {
  const entries = readEntries(text, source);
  const locate = locateFiles(
    entries.map(({ name }) => name),
    known,
    root,
  );
  const unmatched: UnmatchedEntry[] = [];
  const found = new Map<string, { name: string; duration: FileDuration; runs: number }>();
  for (const entry of entries) {
    const file = locate(entry.name);
    if (!isLocated(file)) {
      unmatched.push({ name: entry.name, reason: file });
      continue;
    }
    const durationMs = durationOf(entry);
    if (durationMs === undefined) {
      unmatched.push({ name: entry.name, reason: 'not-measured' });
      continue;
    }
    const earlier = found.get(fileKey(file));
    if (earlier === undefined) {
      const duration = { ...file, durationMs, tests: testsOf(entry), ok: entry.status !== 'failed' };
      found.set(fileKey(file), { name: entry.name, duration, runs: 1 });
    } else {
      earlier.runs++;
    }
  }
  // Several projects ran it there; which of them the one here is, the report does not say.
  const doubled = [...found.values()].filter(({ runs }) => runs > 1);
  return {
    durations: [...found.values()].filter(({ runs }) => runs === 1).map(({ duration }) => duration),
    unmatched: [...unmatched, ...doubled.map(({ name }) => ({ name, reason: 'several-runs' as const }))],
  };
}

function readEntries(text: string, source: string): JestFile[] {
  let report: unknown;
  try {
    report = JSON.parse(text);
  } catch (error) {
    throw unreadableReport(source, `it is not JSON (${(error as Error).message.replace(/\s+/g, ' ')})`, remedy);
  }
  const entries = (report as { testResults?: unknown } | null)?.testResults;
  if (!Array.isArray(entries)) throw unreadableReport(source, 'it has no list "testResults"', remedy);
  entries.forEach((entry: JestFile | null, index) => {
    if (typeof entry?.name !== 'string') {
      throw unreadableReport(source, `"testResults[${index}].name" is not the path of a file`, remedy);
    }
  });
  return entries as JestFile[];
}

/** Jest gives a file that crashed or was skipped the same instant for start and end. */
function durationOf({ startTime, endTime, status }: JestFile): number | undefined {
  if (typeof startTime !== 'number' || typeof endTime !== 'number' || status === 'skipped') return undefined;
  return endTime > startTime ? endTime - startTime : undefined;
}

function testsOf({ assertionResults }: JestFile): { name: string; durationMs: number }[] {
  if (!Array.isArray(assertionResults)) return [];
  return assertionResults.flatMap(({ fullName, duration, status }: Record<string, unknown>) => {
    const ran = status === 'passed' || status === 'failed';
    return ran && typeof fullName === 'string' && typeof duration === 'number'
      ? [{ name: fullName, durationMs: duration }]
      : [];
  });
}
