/** The quarantine in a merge: the file of this checkout, which must be that of the nodes, held against all results. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { FileRecord } from '../../blob/blob';
import type { Folders } from '../../files/folders';
import type { GatheredRun } from '../../files/load-run';
import { readQuarantineFile, readQuarantineRecord, writeQuarantineRecord } from '../../files/quarantine-file';
import { compareQuarantine, type EntrySight, proveQuarantine, quarantineProblems } from '../../flaky/prove-quarantine';
import { dayOf, entryOf, heldTests, NO_QUARANTINE, type QuarantineEntry } from '../../flaky/quarantine';
import { addRun, type QuarantineOutcome, standingsOf } from '../../flaky/quarantine-record';
import type { ReplayQuarantine } from '../../jest/replay/replay-source';
import { everyItemRan, type Finding } from '../../proof/finding';

export interface MergeQuarantine {
  /** Null where nothing is in quarantine. */
  readonly replay: ReplayQuarantine | null;
  /** Failed tests of a record that do not decide, by their index. */
  heldOf(record: Pick<FileRecord, 'file' | 'result' | 'execError'>): ReadonlyMap<number, QuarantineEntry>;
  /** Notes which tests a record has. */
  see(record: Pick<FileRecord, 'file' | 'result' | 'execError'>): void;
  /** Once all records were seen: what is wrong with the entries. Adds this run to what is remembered of them. */
  judge(): { readonly findings: readonly Finding[]; readonly problems: readonly string[] };
}

interface Seen {
  readonly statuses: Map<QuarantineEntry, string[]>;
  readonly files: Set<string>;
}

/** What the merge looked for and what it saw of each entry. */
function sightsOf(run: GatheredRun, projectDir: string, entries: readonly QuarantineEntry[], seen: Seen): EntrySight[] {
  const isFiltered = run.blobs[0]?.metadata.planInputs.isFiltered === true;
  const isWhole = !isFiltered && run.missing.length === 0;
  return entries.map((entry) => ({
    entry,
    isFileThere: existsSync(path.join(projectDir, entry.file)),
    hasFileRun: isWhole && seen.files.has(entry.file),
    // With a filter the others are there as skipped.
    statuses: isFiltered ? [] : (seen.statuses.get(entry) ?? []),
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

/** @param store absolute path of the timings file: what is remembered lies beside it. */
export function openMergeQuarantine(run: GatheredRun, { projectDir }: Folders, store: string): MergeQuarantine {
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
  const seen: Seen = { statuses: new Map(), files: new Set() };
  const nameOf = (testFilePath: string) => path.relative(projectDir, testFilePath).split(path.sep).join('/');
  return {
    replay: entries.length === 0 ? null : { quarantine, projectDir, today },
    heldOf: ({ file, result, execError }) =>
      heldTests(
        quarantine,
        {
          ...{ file: nameOf(result.testFilePath), project: file.project, hasExecError: execError !== null },
          tests: result.testResults,
        },
        today,
      ),
    see({ file: { project }, result, execError }) {
      if (entries.length === 0 || execError !== null) return;
      const file = nameOf(result.testFilePath);
      seen.files.add(file);
      for (const { fullName: name, status } of result.testResults) {
        const entry = entryOf(quarantine, { file, project, name });
        if (entry !== undefined) seen.statuses.set(entry, [...(seen.statuses.get(entry) ?? []), status]);
      }
    },
    judge() {
      const sights = sightsOf(run, projectDir, entries, seen);
      const record = addRun(readQuarantineRecord(store), quarantine, outcomesOf(sights));
      const isRecorded = entries.length > 0 && (run.verdict.ok || everyItemRan(run.verdict.findings));
      if (isRecorded) writeQuarantineRecord(store, record);
      const findings = [...differences, ...proveQuarantine(sights, standingsOf(quarantine, record), today)];
      return { findings, problems: quarantineProblems(findings) };
    },
  };
}
