/**
 * Blobs of one run → report, timings and the files people ask for, in one more pass over the records.
 */
import { existsSync } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FileRecord } from '../../blob/blob';
import { type TextMapping, toPortable } from '../../blob/portable-paths';
import type { Folders } from '../../files/folders';
import { originOf } from '../../files/git';
import type { GatheredRun } from '../../files/load-run';
import { makeFolder, OWN_FOLDER } from '../../files/own-folder';
import { readTimingsFile, writeTimingsFile } from '../../files/timings-file';
import { WHOLE_DURATION_PROPERTY } from '../../jest/split/slices/merge-results';
import { detectProvider } from '../../node/detect-provider';
import { webPage } from '../../node/forge';
import { identifyRun } from '../../node/run';
import type { Environment } from '../../options/environment';
import { resolveOptions } from '../../options/resolve';
import type { TestFile } from '../../plan/item';
import { fileKey } from '../../plan/item';
import { everyItemRan } from '../../proof/finding';
import { withFindings } from '../../proof/proof';
import { reportPage } from '../../reports/page/report-page';
import type { WebFacts } from '../../reports/run-report/links';
import { fileStatus } from '../../reports/run-report/outcomes';
import { createReportBuilder } from '../../reports/run-report/report-builder';
import type { RunReport } from '../../reports/run-report/run-report';
import { commentMarkdown, summaryMarkdown } from '../../reports/run-report/summary-markdown';
import { readRunner } from '../../shell/runner';
import { placesOf, recordAssignment } from '../../timings/assignment';
import { joinParts } from '../../timings/join-parts';
import { emptyTimings, type Timings } from '../../timings/timings';
import { type FileDuration, foldDurations, pruneTimings } from '../../timings/update';
import { eachRecord } from './each-record';
import type { MergeQuarantine } from './merge-quarantine';
import { readTries } from './read-tries';

export const DEFAULT_PAGE_PATH = path.join(OWN_FOLDER, 'report.html');

/** What a record says of its file's duration; a file that local workers shared says what it would take as a whole. */
function durationOf({ file, wallMs, result, execError }: FileRecord, toName: TextMapping): FileDuration {
  const whole = result[WHOLE_DURATION_PROPERTY];
  return {
    project: file.project,
    path: file.path,
    durationMs: typeof whole === 'number' ? whole : wallMs,
    tests: result.testResults.flatMap(({ fullName, duration }) =>
      typeof duration === 'number' ? [{ name: toName(fullName), durationMs: duration }] : [],
    ),
    ok: fileStatus({ result, execError }) !== 'failed',
  };
}

export interface ReportFacts {
  readonly exitCode: number | null;
  readonly problems: readonly string[];
  readonly web?: WebFacts;
  readonly quarantine?: MergeQuarantine;
}

/** What leads from a report to the web; the CI's own word counts in a job of that very run. */
export async function findWebFacts(
  { rootDir }: Folders,
  runId: string | null,
  environment: Environment,
): Promise<WebFacts> {
  const provider = detectProvider(environment);
  const { id } = identifyRun(resolveOptions({ environment: {} }), environment, provider);
  const isOwn = runId !== null && provider !== null && id === runId;
  const told = isOwn && provider.runPageVariable ? environment[provider.runPageVariable] : undefined;
  return { remote: (await originOf(rootDir)) ?? null, runPage: webPage(told) };
}

/** Builds the report. @param exitCode of the replaying Jest, null where nothing was replayed. */
export function buildReport(
  run: GatheredRun,
  folders: Folders,
  { exitCode, problems, web, quarantine }: ReportFacts,
): { readonly report: RunReport; readonly durations: readonly FileDuration[] } {
  const builder = createReportBuilder({ rootDir: folders.rootDir, runner: readRunner(), ...(web && { web }) });
  const durations: FileDuration[] = [];
  // Records come with paths of this machine, and the store is for all.
  const toName = toPortable(folders.rootDir, folders.repositoryDir);
  for (const { metadata, isRecovered, isReplaced } of run.blobs) {
    builder.node(metadata, { ...(isRecovered && { isRecovered }), ...(isReplaced && { isReplaced }) });
  }
  for (const tried of readTries(run, folders)) builder.tried(tried);
  eachRecord(run, folders, (record, { metadata }) => {
    quarantine?.see(record);
    builder.file(metadata.node.number, record, quarantine?.heldOf(record));
    durations.push(durationOf(record, toName));
  });
  for (const { metadata, scanned } of run.blobs) builder.end(metadata.node.number, scanned.end, scanned.exit);
  const judged = quarantine?.judge() ?? { findings: [], problems: [] };
  const { verdict } = withFindings(run, judged.findings);
  const report = builder.finish({ proof: verdict, exitCode, problems: [...problems, ...judged.problems] });
  return { report, durations: joinParts(durations) };
}

/** As much of the report as is about what was tried more than once; only the records that this takes are read. */
export function buildRetries(run: GatheredRun, folders: Folders): RunReport {
  const builder = createReportBuilder({ rootDir: folders.rootDir, runner: readRunner() });
  for (const { metadata, isRecovered, isReplaced } of run.blobs) {
    builder.node(metadata, { ...(isRecovered && { isRecovered }), ...(isReplaced && { isReplaced }) });
  }
  const tried = readTries(run, folders);
  for (const one of tried) builder.tried(one);
  const keys = new Set(tried.map(({ file }) => fileKey(file)));
  const blobs = run.blobs.map((blob) => ({
    ...blob,
    files: blob.files.filter(({ file, hasRetries }) => hasRetries || keys.has(fileKey(file))),
  }));
  eachRecord({ ...run, blobs }, folders, (record, { metadata }) => builder.file(metadata.node.number, record));
  return builder.finish({ proof: run.verdict });
}

/** The page, whole; nothing in it needs a network. */
export async function writePage(report: RunReport, file: string): Promise<void> {
  const assets = await import('../../reports/page/assets.js');
  makeFolder(path.dirname(file));
  await writeFile(file, reportPage(report, assets));
}

/** Adds the summary to GitHub's page of the job, where there is one. */
export async function writeStepSummary(report: RunReport, environment: NodeJS.ProcessEnv): Promise<void> {
  const file = environment.GITHUB_STEP_SUMMARY;
  if (file) await appendFile(file, summaryMarkdown(report));
}

/** The summary for a comment of a pull request. @param file absolute path. */
export async function writeComment(report: RunReport, file: string): Promise<void> {
  makeFolder(path.dirname(file));
  await writeFile(file, commentMarkdown(report));
}

/**
 * Folds a proven run into the store on disk.
 *
 * @returns 'written', 'unchanged', or why nothing was recorded.
 * @throws DistributedError where the store is broken or cannot be written.
 */
export async function updateTimings(
  run: GatheredRun,
  durations: readonly FileDuration[],
  { file, folders }: { readonly file: string; readonly folders: Folders },
): Promise<string> {
  const stored = await readTimingsFile(file);
  return recordMergedRun(run, durations, file, stored && { timings: stored, others: othersIn(stored, run, folders) });
}

/**
 * Files of the store that this run does not have and that are still there: those of another Jest config, as of a second
 * label, whose run shares the store.
 */
function othersIn({ files }: Timings, { accepted }: GatheredRun, { rootDir }: Folders): TestFile[] {
  const configs = accepted[0]?.tree?.configs ?? [];
  const folderOf = new Map(configs.map(({ project, folder }) => [project, folder]));
  return [...files.values()].filter(({ project, path: name }) => {
    const folder = folderOf.get(project);
    // Where a project of another config lies, nobody here knows.
    return folder === undefined || existsSync(path.join(rootDir, folder, name));
  });
}

/**
 * Folds a proven run into the store, with its assignment.
 *
 * @returns 'written', 'unchanged', or why nothing was recorded.
 */
async function recordMergedRun(
  { verdict, blobs }: GatheredRun,
  durations: readonly FileDuration[],
  file: string,
  stored: { readonly timings: Timings; readonly others: readonly TestFile[] } | undefined,
): Promise<string> {
  const first = blobs[0]?.metadata;
  if (!(verdict.ok || everyItemRan(verdict.findings)) || first?.plan == null)
    return 'not updated: the run is not proven';
  if (first.nothing) return 'not updated: there was nothing to run';
  if (first.planInputs.isFiltered === true) return 'not updated: the run was filtered';
  const { timings } = pruneTimings(stored?.timings ?? emptyTimings, [...first.found, ...(stored?.others ?? [])]);
  const folded = foldDurations(timings, durations, { workers: first.plan.workers });
  // Nodes of a queue followed no plan: there is nothing to stick to.
  if (first.queue) return writeTimingsFile(file, folded);
  return writeTimingsFile(file, recordAssignment(folded, first.plan.nodes.length, placesOf(first.plan)));
}
