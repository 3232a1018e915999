/** The quarantine in a merge: the file of this checkout, which must be that of the nodes, held against all results. */
import type { FileRecord } from '../../blob/blob';
import type { Folders } from '../../files/folders';
import type { GatheredRun } from '../../files/load-run';
import {
  isFileOfEntry,
  nameInQuarantine,
  readQuarantineFile,
  readQuarantineRecord,
  writeQuarantineRecord,
} from '../../files/quarantine-file';
import {
  compareQuarantine,
  type EntrySight,
  proveQuarantine,
  quarantineProblems,
  severityOfUnrun,
} from '../../flaky/prove-quarantine';
import {
  dayOf,
  type HeldFile,
  heldTests,
  NO_QUARANTINE,
  type Quarantine,
  type QuarantineEntry,
  withoutSharedFiles,
} from '../../flaky/quarantine';
import { addRun, type QuarantineOutcome, runKey, standingsOf } from '../../flaky/quarantine-record';
import { createSightings, type Sightings } from '../../flaky/sightings';
import type { ReplayQuarantine } from '../../jest/replay/replay-source';
import type { TestFile } from '../../plan/item';
import { everyItemRan, type Finding } from '../../proof/finding';
import { eachRecord } from './each-record';

type QuarantinedRecord = Pick<FileRecord, 'file' | 'result' | 'execError'>;

export interface MergeQuarantine {
  /** Null where nothing is in quarantine. */
  readonly replay: ReplayQuarantine | null;
  /** Failed tests of a record that do not decide, by their index. */
  heldOf(record: QuarantinedRecord): ReadonlyMap<number, QuarantineEntry>;
  /** Notes which tests a record has. */
  see(record: QuarantinedRecord): void;
  /** Once all records were seen: what is wrong with the entries. Adds this run to what is remembered of them. */
  judge(): { readonly findings: readonly Finding[]; readonly problems: readonly string[] };
}

/** What the merge looked for and what it saw of each entry. */
function sightsOf(
  run: GatheredRun,
  projectDir: string,
  entries: readonly QuarantineEntry[],
  seen: Sightings,
): EntrySight[] {
  const isFiltered = run.blobs[0]?.metadata.planInputs.isFiltered === true;
  const isWhole = !isFiltered && run.missing.length === 0;
  return entries.map((entry) => ({
    entry,
    isFileThere: isFileOfEntry(projectDir, entry.file),
    hasFileRun: isWhole && seen.hasSeen(entry.file) === true,
    // What no node ran is for the proof to say.
    fileUnrun:
      isWhole && everyItemRan(run.verdict.findings) && seen.hasSeen(entry.file) === undefined
        ? severityOfUnrun(run.blobs[0]?.metadata.job.label)
        : null,
    // With a filter the others are there as skipped.
    statuses: isFiltered ? [] : seen.statusesOf(entry),
  }));
}

function outcomesOf(sights: readonly EntrySight[]): Map<QuarantineEntry, QuarantineOutcome> {
  return new Map(
    sights.flatMap(({ entry, statuses }) => {
      const [status] = statuses;
      const isOne = statuses.length === 1 && (status === 'passed' || status === 'failed');
      return isOne ? [[entry, status] as const] : [];
    }),
  );
}

/** How many projects have a file of the quarantine, by its path there; only records of such files are read. */
function countProjects(run: GatheredRun, folders: Folders, quarantine: Quarantine): (file: string) => number {
  const names = quarantine.tests.filter(({ project }) => project === undefined).map(({ file }) => file);
  const isMeant = ({ path: own }: TestFile) => names.some((name) => name === own || name.endsWith(`/${own}`));
  const blobs = run.blobs.map((blob) => ({ ...blob, files: blob.files.filter(({ file }) => isMeant(file)) }));
  const projects = new Map<string, Set<string | null>>();
  eachRecord({ ...run, blobs }, folders, ({ file: { project }, result }) => {
    const name = nameInQuarantine(folders.projectDir, result.testFilePath);
    projects.set(name, (projects.get(name) ?? new Set()).add(project));
  });
  return (file) => projects.get(file)?.size ?? 0;
}

/** @param store absolute path of the timings file: what is remembered lies beside it. */
export function openMergeQuarantine(run: GatheredRun, folders: Folders, store: string): MergeQuarantine {
  const { projectDir } = folders;
  const blobs = run.blobs.map(({ metadata }) => metadata);
  const startMs = Math.min(...blobs.map((metadata) => metadata.startMs), Date.now());
  const today = dayOf(startMs);
  const own = readQuarantineFile(projectDir, startMs);
  const differences = compareQuarantine(
    own.digest,
    blobs.filter(({ disabled }) => disabled === null).map(({ quarantine }) => quarantine ?? null),
  );
  // Where nodes and this checkout disagree nothing is held back.
  const quarantine = differences.length > 0 || own.problems.length > 0 ? NO_QUARANTINE : own.quarantine;
  const entries = quarantine.tests;
  const holding =
    entries.length === 0 ? quarantine : withoutSharedFiles(quarantine, countProjects(run, folders, quarantine));
  const seen = createSightings(quarantine);
  const fileOf = ({ file, result, execError }: QuarantinedRecord): HeldFile => ({
    file: nameInQuarantine(projectDir, result.testFilePath),
    project: file.project,
    hasExecError: execError !== null,
    tests: result.testResults,
  });
  return {
    replay: entries.length === 0 ? null : { quarantine: holding, projectDir, today },
    heldOf: (record) => heldTests(holding, fileOf(record), today),
    see(record) {
      if (entries.length > 0) seen.see(fileOf(record));
    },
    judge() {
      const sights = sightsOf(run, projectDir, entries, seen);
      const attempt = Math.max(1, ...blobs.map((metadata) => metadata.run.attempt));
      const key = runKey(run.verdict.runId, attempt, startMs);
      const record = addRun(readQuarantineRecord(store), quarantine, outcomesOf(sights), key);
      const isRecorded = entries.length > 0 && (run.verdict.ok || everyItemRan(run.verdict.findings));
      if (isRecorded) writeQuarantineRecord(store, record);
      const findings = [...differences, ...proveQuarantine(sights, standingsOf(quarantine, record), today)];
      return { findings, problems: quarantineProblems(findings) };
    },
  };
}
