/**
 * The end of a run over nodes, whoever ran them: replay, summary, page, timings, exit code.
 */
import { DistributedError } from '../errors';
import type { GatheredRun } from '../files/blob-gather';
import { type Folders, shownPath } from '../files/folders';
import { readTimingsFile } from '../files/timings-file';
import { findHost } from '../jest/host';
import { type Adjustment, launchJest } from '../jest/launch';
import { failureCauses, watchReporterErrors } from '../jest/replay/failure-causes';
import { replaySettings } from '../jest/replay/replay-settings';
import { prepareReplay, publishReplay } from '../jest/replay/replay-source';
import { OUR_REPORTERS } from '../jest/wiring';
import { summaryLines } from '../reports/run-report/summary-lines';
import { detectTerminal } from '../reports/terminal';
import { buildReport, recordMergedRun, writePage, writeStepSummary } from './merged-run';

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
      'Leave --json out and write JSON lines, one test file a line: jest-distributed merge … --jsonl results.jsonl',
  });
}

interface Replayed {
  /** Null where there was nothing to replay. */
  readonly exitCode: number | null;
  /** Why Jest calls the run failed, besides failed tests. */
  readonly causes: readonly string[];
}

/** Replays the run through the project's own Jest. */
async function replay(run: GatheredRun, jestArgs: readonly string[]): Promise<Replayed> {
  if (run.blobs.length === 0) return { exitCode: null, causes: [] };
  const source = prepareReplay(run);
  publishReplay(source);
  const args = ['--passWithNoTests', ...jestArgs];
  const reporterErrors = watchReporterErrors(findHost(process.cwd()));
  const adjust: Adjustment = (config) => replaySettings(config, source, OUR_REPORTERS);
  const { success, results } = await launchJest(process.cwd(), args, adjust);
  if (success !== false) return { exitCode: 0, causes: [] };
  return { exitCode: 1, causes: failureCauses(results ?? {}, reporterErrors()) };
}

const say = (text: string): boolean => process.stderr.write(`jest-distributed: ${text}\n`);

export interface Conclusion {
  readonly folders: Folders;
  readonly jestArgs: readonly string[];
  /** Absolute path of the report page. */
  readonly page: string;
  /** Absolute path of the timings store. */
  readonly store: string;
  /** What went wrong outside any blob, a few words each. */
  readonly problems: readonly string[];
}

/**
 * Replays, tells, records. The replay comes first: its output is the long one, and what must be seen stands last.
 *
 * @returns the exit code of the whole: that of one Jest over all, and 1 where the proof fails.
 */
export async function concludeRun(run: GatheredRun, conclusion: Conclusion): Promise<number> {
  const { folders, jestArgs, page, store, problems } = conclusion;
  refuseTooLong(run, jestArgs);
  const { exitCode, causes } = await replay(run, jestArgs);
  const { report, durations } = buildReport(run, folders, { exitCode, problems: [...problems, ...causes] });
  const terminal = detectTerminal(process.stderr, process.env);
  process.stderr.write(`\n${summaryLines(report, terminal).join('\n')}\n`);
  await writePage(report, page);
  say(`report: ${shownPath(page)}`);
  await writeStepSummary(report, process.env);
  const change =
    problems.length > 0
      ? `not updated: ${problems.join('; ')}`
      : await recordMergedRun(run, durations, store, await readTimingsFile(store));
  say(`timings ${change}${change.startsWith('not') ? '' : `: ${shownPath(store)}`}`);
  return run.verdict.ok && exitCode === 0 && problems.length === 0 ? 0 : 1;
}
