/**
 * The end of a run over nodes, whoever ran them: replay, summary, page, timings, exit code.
 */

import { existsSync } from 'node:fs';
import { DistributedError } from '../../errors';
import { printForCi } from '../../files/ci-output';
import { type Folders, shownPath } from '../../files/folders';
import type { GatheredRun } from '../../files/load-run';
import { exitCodeOf } from '../../files/processes';
import { stderrTerminal } from '../../files/standard-terminals';
import { readTimingsFile } from '../../files/timings-file';
import { detectProvider } from '../../node/detect-provider';
import { reportNotRunHere } from '../../proof/compare-checkout';
import { withFindings } from '../../proof/proof';
import { findingProblems } from '../../reports/ci-log/finding-problems';
import { findCiLog } from '../../reports/ci-log/known-logs';
import { type BaseRun, baseOfTimings, compareWithBase } from '../../reports/run-report/base-run';
import type { RunReport } from '../../reports/run-report/run-report';
import { summaryLines } from '../../reports/run-report/summary-lines';
import { findForeignCoverage } from './foreign-coverage';
import { type MergeWords, withCommands } from './merge-command';
import { buildReport, findWebFacts, updateTimings, writeComment, writePage, writeStepSummary } from './merge-outputs';
import { openMergeQuarantine } from './merge-quarantine';
import { replayRun } from './replay';

/** V8's longest string, in UTF-16 units; Jest's `--json` is one string. */
const LONGEST_STRING = 0x1fffffe8;

function refuseTooLong({ blobs }: GatheredRun, jestArgs: readonly string[]): void {
  if (!jestArgs.some((arg) => /^--json(=|$)/.test(arg))) return;
  const bytes = blobs.reduce((sum, { files }) => sum + files.reduce((own, { entry }) => own + entry.span.bytes, 0), 0);
  if (bytes < LONGEST_STRING) return;
  throw new DistributedError({
    code: 'JSON_TOO_LONG',
    message: `The results of this run are ${Math.round(bytes / 2 ** 20)} MiB, and Jest's --json must be one string, which Node limits to 512 MiB.`,
    remedy:
      'Leave --json out, and write JSON lines, one test file a line, with the flag --jsonl results.jsonl of merge.',
  });
}

const say = (text: string): boolean => process.stderr.write(`jest-distributed: ${text}\n`);

/** What goes wrong where a result is only written down is no reason to call the run failed. */
async function attempt(failure: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    say(`warning: ${failure}: ${text.replace(/^jest-distributed: /, '')}`);
  }
}

/** Beside the log, where the CI has such a place. */
function annotateFindings({ verdict }: RunReport, jestArgs: readonly string[]): void {
  const log = findCiLog(detectProvider(process.env)?.name ?? null);
  if (log === null) return;
  const hasStdout = !jestArgs.some((arg) => /^--json(=|$)/.test(arg));
  printForCi(log, findingProblems(verdict.findings), {
    writeStderr: (text) => process.stderr.write(text),
    hasStdout,
  });
}

export interface Conclusion {
  readonly folders: Folders;
  readonly jestArgs: readonly string[];
  /** Absolute path of the report page. */
  readonly page: string;
  /** Absolute path of the timings store. */
  readonly store: string;
  /** What went wrong outside any blob, a few words each. */
  readonly problems: readonly string[];
  /** Absolute path of the file for the summary, where somebody wants one. */
  readonly summaryFile?: string;
  /** An earlier run of the same pipeline, where a history has one; else the timings say what they know. */
  readonly findBase?: (run: GatheredRun) => Promise<BaseRun | null>;
  /** Of the command that was typed, where it was a merge; remedies name it. */
  readonly words?: MergeWords;
}

/** Null where nothing is known of earlier runs, or it cannot be read: others say so where it matters. */
async function findBaseRun(run: GatheredRun, { store, findBase }: Conclusion): Promise<BaseRun | null> {
  let base: BaseRun | null = null;
  await attempt('this run is not compared with an earlier one', async () => {
    base = (await findBase?.(run)) ?? null;
  });
  if (base !== null) return base;
  const timings = await readTimingsFile(store).catch(() => undefined);
  return timings === undefined ? null : baseOfTimings(timings);
}

/**
 * Replays, reports, records. The replay comes first: its output is the long one, and what must be seen stands last.
 *
 * @returns the exit code of the whole: that of one Jest over all, and 1 where the proof fails. What the blobs say decides;
 * Jest and its reporters can only make it worse.
 */
export async function concludeRun(proven: GatheredRun, conclusion: Conclusion): Promise<number> {
  const { folders, jestArgs, page, store, problems, words } = conclusion;
  refuseTooLong(proven, jestArgs);
  const quarantine = openMergeQuarantine(proven, folders, store);
  const replayed = await replayRun(proven, jestArgs, quarantine.replay);
  const { exitCode, problems: replayProblems, unknown, call, stoppedBy } = replayed;
  if (stoppedBy !== undefined) {
    say(`stopped by ${stoppedBy}`);
    return exitCodeOf(stoppedBy);
  }
  const metadata = proven.blobs.map((blob) => blob.metadata);
  // What several calls or jobs left is compared with none of them.
  const isOfOne = !proven.verdict.findings.some(({ code }) => code === 'several-calls' || code === 'several-jobs');
  const concluded = withFindings(proven, [
    ...(isOfOne ? reportNotRunHere({ files: unknown, call }, metadata) : []),
    ...findForeignCoverage(proven, folders),
  ]);
  const run = words === undefined ? concluded : withCommands(concluded, words);
  const web = await findWebFacts(folders, run.verdict.runId, process.env);
  const facts = { exitCode, problems: [...problems, ...replayProblems], web, quarantine };
  const { report: own, durations } = buildReport(run, folders, facts);
  const base = await findBaseRun(run, conclusion);
  const report = base === null ? own : { ...own, base: compareWithBase(own, base) };
  const terminal = stderrTerminal();
  process.stderr.write(`\n${summaryLines(report, terminal).join('\n')}\n`);
  annotateFindings(report, jestArgs);
  await attempt('the report page cannot be written', async () => {
    if (proven.blobs.length === 0 && existsSync(page)) {
      say(`report not updated: there is no usable blob; ${shownPath(page)} is of an earlier run`);
      return;
    }
    await writePage(report, page);
    say(`report: ${shownPath(page)}`);
  });
  await attempt('the summary cannot be added to the file that GITHUB_STEP_SUMMARY names', () =>
    writeStepSummary(report, process.env),
  );
  const { summaryFile } = conclusion;
  if (summaryFile !== undefined) {
    await attempt('the summary cannot be written', async () => {
      await writeComment(report, summaryFile);
      say(`summary: ${shownPath(summaryFile)}`);
    });
  }
  await attempt('timings not updated', async () => {
    const change =
      problems.length > 0
        ? `not updated: ${problems.join('; ')}`
        : await updateTimings(run, durations, { file: store, folders });
    say(`timings ${change}${change.startsWith('not') ? '' : `: ${shownPath(store)}`}`);
  });
  const { ok, outcome } = report.verdict;
  if (ok) return 0;
  return outcome === 'failed' && problems.length === 0 && exitCode !== null && exitCode > 0 ? exitCode : 1;
}
