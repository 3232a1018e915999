/**
 * Blobs of one run → report, timings and the files people ask for, in one more pass over the records.
 */
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { GatheredBlob, GatheredRun } from '../files/blob-gather';
import { openBlobReader } from '../files/blob-reader';
import { writeTimingsFile } from '../files/timings-file';
import { fileKey } from '../plan/item';
import { reportPage } from '../reports/page/report-page';
import { createReportBuilder } from '../reports/run-report/report-builder';
import type { RunReport } from '../reports/run-report/run-report';
import { summaryMarkdown } from '../reports/run-report/summary-markdown';
import type { FileRecord } from '../results/blob';
import { toLocal } from '../results/portable-paths';
import { placesOf, recordAssignment } from '../timings/assignment';
import { type FileDuration, foldDurations, pruneTimings } from '../timings/fold';
import { emptyTimings, type Timings } from '../timings/timings';

export const DEFAULT_PAGE_PATH = path.join('.jest-distributed', 'report.html');

/** Calls back with every record of every blob that counts; one record is in memory at a time. */
export function eachRecord(
  { blobs }: GatheredRun,
  root: string,
  visit: (record: FileRecord, blob: GatheredBlob) => void,
): void {
  for (const blob of blobs) {
    const reader = openBlobReader(blob.scanned, toLocal(root));
    try {
      for (const { entry } of blob.files) visit(reader.read(entry), blob);
    } finally {
      reader.close();
    }
  }
}

interface PartTimes {
  readonly walls: number[];
  readonly tests: { name: string; durationMs: number }[];
  readonly fixed: number[];
  ok: boolean;
}

/** Durations of files as whole ones: a split file pays its fixed cost once. */
export function createDurations(): { add(record: FileRecord): void; finish(): FileDuration[] } {
  const files = new Map<string, PartTimes & Pick<FileRecord, 'file'>>();
  return {
    add({ file, wallMs, result, execError, split }) {
      const key = fileKey(file);
      const known = files.get(key) ?? { file, walls: [], tests: [], fixed: [], ok: true };
      files.set(key, known);
      const tests = result.testResults.flatMap(({ fullName, duration }) =>
        typeof duration === 'number' ? [{ name: fullName, durationMs: duration }] : [],
      );
      known.walls.push(wallMs);
      known.tests.push(...tests);
      known.fixed.push(Math.max(0, wallMs - tests.reduce((sum, { durationMs }) => sum + durationMs, 0)));
      if (result.numFailingTests > 0 || execError !== null || split?.seen.length === 0) known.ok = false;
    },
    finish: () =>
      [...files.values()].map(({ file, walls, tests, fixed, ok }) => {
        const own = tests.reduce((sum, { durationMs }) => sum + durationMs, 0);
        const typical = [...fixed].sort((a, b) => a - b)[(fixed.length - 1) >> 1] ?? 0;
        const durationMs = walls.length === 1 ? (walls[0] as number) : own + typical;
        return { project: file.project, path: file.path, durationMs, tests, ok };
      }),
  };
}

/** Builds the report. @param exitCode of the replaying Jest, null where nothing was replayed. */
export function buildReport(
  run: GatheredRun,
  root: string,
  { exitCode, problems }: { readonly exitCode: number | null; readonly problems: readonly string[] },
): { readonly report: RunReport; readonly durations: readonly FileDuration[] } {
  const builder = createReportBuilder({ rootDir: root });
  const durations = createDurations();
  for (const { metadata } of run.blobs) builder.node(metadata);
  eachRecord(run, root, (record, { metadata }) => {
    builder.file(metadata.node.number, record);
    durations.add(record);
  });
  for (const { metadata, scanned } of run.blobs) builder.end(metadata.node.number, scanned.end);
  return { report: builder.finish({ proof: run.verdict, exitCode, problems }), durations: durations.finish() };
}

/** The page, whole; nothing in it needs a network. */
export async function writePage(report: RunReport, file: string): Promise<void> {
  const assets = await import('../reports/page/assets.js');
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, reportPage(report, assets));
}

/** Adds the summary to GitHub's page of the job, where there is one. */
export async function writeStepSummary(report: RunReport, environment: NodeJS.ProcessEnv): Promise<void> {
  const file = environment.GITHUB_STEP_SUMMARY;
  if (file) await appendFile(file, summaryMarkdown(report));
}

/**
 * Folds a proven run into the store, with its assignment.
 *
 * @returns 'written', 'unchanged', or why nothing was recorded.
 */
export async function recordMergedRun(
  { verdict, blobs }: GatheredRun,
  durations: readonly FileDuration[],
  file: string,
  stored: Timings | undefined,
): Promise<string> {
  const first = blobs[0]?.metadata;
  if (!verdict.ok || first?.plan == null) return 'not updated: the run is not proven';
  if (first.planInputs.isFiltered === true) return 'not updated: the run was filtered';
  const { timings } = pruneTimings(stored ?? emptyTimings, first.found);
  const folded = foldDurations(timings, durations, { workers: first.plan.workers });
  return writeTimingsFile(file, recordAssignment(folded, first.plan.nodes.length, placesOf(first.plan)));
}
