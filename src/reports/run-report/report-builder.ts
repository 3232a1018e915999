/**
 * Builds the report while blobs stream by: it keeps rows and failures, never whole results.
 */

import type { BlobMetadata, EndRecord, ExitRecord, WorkersRecord } from '../../blob/blob';
import { ROOT_PLACEHOLDER } from '../../blob/shown-text';
import type { QuarantineEntry } from '../../flaky/quarantine';
import { fileKey } from '../../plan/item';
import { type NameMatches, watchNames } from '../../plan/name-pattern';
import type { Finding } from '../../proof/finding';
import type { Verdict } from '../../proof/proof';
import { pipelineName } from '../../queue/pipeline';
import { commandsApart } from '../../shell/message-lines';
import { PLAIN_REPEAT } from '../../shell/reproduce-tests';
import { type Runner, withRunner } from '../../shell/runner';
import { measureBalance } from './balance';
import { createFailureRows } from './failure-rows';
import { judge } from './headline';
import { createTextBudget, DEFAULT_REPORT_LIMITS, type ReportLimits } from './limits';
import { linksOf, type WebFacts } from './links';
import { countTest, type FileOutcome, fileStatus, noTests, statusOf } from './outcomes';
import { NO_LINKS } from './report-links';
import { missingNode, reportNode, type StartFacts, startEndMs } from './report-nodes';
import { createRetryRows, type ReportedTry } from './retry-rows';
import { createRunClock } from './run-clock';
import { REPORT_FORMAT, type ReportFile, type ReportNode, type RunReport } from './run-report';
import { splitsOf } from './split-reasons';
import { createTestRows } from './test-rows';
import { joinRuns } from './whole-files';

export interface ReportOptions {
  /** Absolute path of Jest's root folder: taken off the paths in messages. */
  readonly rootDir?: string;
  readonly limits?: Partial<ReportLimits>;
  /** What leads to pages on the web. */
  readonly web?: WebFacts;
  /** How the project starts programs of its packages; default `npx`. */
  readonly runner?: Runner;
}

interface ReportEnd {
  readonly proof: Verdict;
  /** Exit code of the replaying Jest; null where nothing was replayed. */
  readonly exitCode?: number | null;
  /** What failed outside any test, a clause each: `coverage for lines (71 %) is below 80 %`. */
  readonly problems?: readonly string[];
}

export interface ReportBuilder {
  /** A node's blob begins; of a node that was started again one after the other, in the order of time. */
  node(metadata: BlobMetadata, about?: Partial<Pick<StartFacts, 'isRecovered' | 'isReplaced'>>): void;
  /** An execution that does not count; before all files that do. */
  tried(tried: ReportedTry): void;
  /** A file that this node (1-based) ran; `held` are its failed tests that do not decide, by their index. */
  file(node: number, outcome: FileOutcome, held?: ReadonlyMap<number, QuarantineEntry>): void;
  /** The first of a node's blobs that had none gets its end; null for what is missing of it where it was cut short. */
  end(node: number, end: EndRecord | null, exit: ExitRecord | null): void;
  finish(end: ReportEnd): RunReport;
}

type OpenStart = { -readonly [Key in keyof StartFacts]: StartFacts[Key] } & { hasEnd: boolean };
interface OpenNode {
  readonly starts: OpenStart[];
  readonly counts: ReturnType<typeof noTests>;
  files: number;
  failedFiles: number;
}
const NONE_HELD: ReadonlyMap<number, QuarantineEntry> = new Map();
type OpenFile = Omit<ReportFile, 'startOffsetMs'> & { readonly startMs: number };

/**
 * @example
 * const builder = createReportBuilder({ rootDir });
 * for (const blob of accepted) builder.node(blob.metadata);
 * for (const tried of tries) builder.tried(tried);
 * for (const blob of accepted) {
 *   for (const record of records(blob)) builder.file(blob.metadata.node.number, record);
 *   builder.end(blob.metadata.node.number, blob.end, blob.exit);
 * }
 * const report = builder.finish({ proof: verdict, exitCode });
 */
export function createReportBuilder({
  rootDir,
  limits: given = {},
  runner = 'npx',
  web,
}: ReportOptions = {}): ReportBuilder {
  const limits = { ...DEFAULT_REPORT_LIMITS, ...given };
  const budget = createTextBudget(limits);
  const nodes = new Map<number, OpenNode>();
  const starts: OpenStart[] = [];
  const files: OpenFile[] = [];
  let names: NameMatches | undefined;
  const tests = createTestRows(limits);
  const shorten = pathShortener(rootDir);
  const failures = createFailureRows(limits, budget, shorten);
  const retries = createRetryRows(limits, budget, shorten);

  return {
    node(metadata, { isRecovered = false, isReplaced = false } = {}) {
      const { number } = metadata.node;
      const node = nodes.get(number) ?? { starts: [], counts: noTests(), files: 0, failedFiles: 0 };
      nodes.set(number, node);
      const unknown = { end: null, exit: null, lastMs: metadata.startMs, hasEnd: false };
      node.starts.push({ metadata, ...unknown, isRecovered, isReplaced });
      starts.push(node.starts.at(-1) as OpenStart);
    },
    tried: (tried) => retries.addTry(tried),
    file(number, outcome, held = NONE_HELD) {
      const node = nodes.get(number);
      if (node === undefined) throw new Error(`node ${number} has a file before its blob began`);
      const { file, parts, startMs, wallMs, worker, workerProcess, result } = outcome;
      const status = fileStatus(outcome, held);
      node.files += 1;
      if (status === 'failed') node.failedFiles += 1;
      const start = node.starts.findLast((one) => one.metadata.startMs <= startMs) ?? (node.starts[0] as OpenStart);
      start.lastMs = Math.max(start.lastMs, startMs + wallMs);
      const tried = retries.triedTests(outcome);
      const pattern = start.metadata.planInputs.testNamePattern;
      if (typeof pattern === 'string' && pattern !== '') {
        names ??= watchNames(pattern);
        for (const { fullName } of result.testResults) names.see(fullName);
      }
      for (const [place, test] of result.testResults.entries()) {
        countTest(node.counts, test, tried.has(place) && statusOf(test) === 'passed', held.has(place));
      }
      const index = files.length;
      files.push({
        ...{ project: file.project, path: file.path, node: number, worker, startMs, durationMs: wallMs, status, parts },
        ...workerPlace(start.metadata.workers, worker),
        ...(workerProcess && workerProcess > 1 && { workerProcess }),
        tests: result.testResults.length,
        failed: result.testResults.filter((test, place) => statusOf(test) === 'failed' && !held.has(place)).length,
      });
      const rows = tests.add(index, result.testResults, tried);
      retries.add(index, number, outcome, rows);
      if (status === 'failed' || held.size > 0) failures.add(index, outcome, rows, held);
    },
    end(number, end, exit) {
      const start = nodes.get(number)?.starts.find(({ hasEnd }) => !hasEnd);
      if (start !== undefined) Object.assign(start, { end, exit, hasEnd: true });
    },
    finish({ proof, exitCode = null, problems = [] }) {
      const known = [...nodes.values()];
      const spans = starts.map((start) => ({ startMs: start.metadata.startMs, endMs: startEndMs(start) }));
      const runStartMs = spans.reduce((first, { startMs }) => Math.min(first, startMs), Number.MAX_VALUE);
      const runEndMs = spans.reduce((last, { endMs }) => Math.max(last, endMs), 0);
      const isQueued = starts.some(({ metadata }) => metadata.queue);
      // Nodes of a plan may be run one after the other with pauses between them; only what was started again is meant here.
      const isAgain = new Set(starts.map(({ metadata }) => metadata.run.attempt)).size > 1;
      const clock = isQueued || isAgain ? createRunClock(spans) : (atMs: number) => atMs - runStartMs;
      // By start, so that the timeline and its neighbours need no sorting.
      const order = files.map((_, index) => index).sort((a, b) => compareStarts(files[a], files[b]));
      const places = new Uint32Array(files.length);
      for (const [index, old] of order.entries()) places[old] = index;
      const placeOf = (old: number) => places[old] ?? 0;
      const testRows = tests.finish(placeOf);
      const numbers = [...nodes.keys()].sort((one, other) => one - other);
      const all = Math.max(proof.counts.nodes, numbers.at(-1) ?? 0);
      // Any number of nodes may come to a queue, and none is missed.
      const shown = isQueued ? numbers : Array.from({ length: all }, (_, index) => index + 1);
      const rows = shown.map((number): ReportNode => {
        const facts = nodes.get(number);
        return facts === undefined ? missingNode(number, starts[0]?.metadata) : reportNode(facts, clock);
      });
      const isWhole = rows.every(({ state }) => state === 'complete' || state === 'recovered');
      // A queue decides while it runs: its plan promised nothing.
      const planner = starts.find(({ metadata }) => metadata.plan !== null && !metadata.queue);
      const plan = planner?.metadata.plan ?? null;
      const timed = files.map(({ node, startMs, durationMs }) => ({ node, startMs: clock(startMs), durationMs }));
      const totals = {
        ...sumTests(known),
        files: countFiles(files),
        failedFiles: countFiles(files.filter(({ status }) => status === 'failed')),
        brokenFiles: countFiles(files.filter(({ status, failed }) => status === 'failed' && failed === 0)),
        busyMs: files.reduce((sum, { durationMs }) => sum + durationMs, 0),
      };
      const hasParts = files.some(({ parts }) => parts !== null);
      const first = starts[0]?.metadata;
      const sorted = order.map((old) => files[old] as OpenFile);
      return {
        format: REPORT_FORMAT,
        run: {
          id: proof.runId ?? first?.run.id ?? 'unknown',
          attempt: starts.reduce((last, { metadata }) => Math.max(last, metadata.run.attempt), 1),
          label: proof.label,
          ...(first && { pipeline: pipelineName({ packageName: first.job.packageName, label: proof.label }) }),
          commit: first?.commit ?? null,
          provider: first?.provider ?? null,
          links: web === undefined ? NO_LINKS : linksOf(first, web),
          packageVersion: first?.packageVersion ?? null,
          jestVersions: distinct(starts.map(({ metadata }) => metadata.jestVersion)),
          nodeVersions: distinct(starts.map(({ metadata }) => metadata.nodeVersion)),
          startMs: known.length > 0 ? runStartMs : null,
          durationMs: known.length > 0 ? clock(runEndMs) : 0,
          strategy: plan?.strategy ?? null,
          repeat: first?.repeat ?? PLAIN_REPEAT,
          runner,
        },
        verdict: judge(
          { proof: withNames(inCommandsOf(runner, proof), names), totals, problems, exitCode },
          limits.findingItems,
        ),
        totals,
        balance: measureBalance(plan, timed, rows.length, isWhole),
        nodes: rows,
        files: sorted.map(({ startMs, ...file }) => ({ ...file, startOffsetMs: clock(startMs) })),
        tests: testRows.tests,
        ...failures.finish(placeOf, testRows.placeOf),
        retries: retries.finish(placeOf, testRows.placeOf, clock),
        slowest: {
          files: joinRuns(sorted)
            .sort((a, b) => b.durationMs - a.durationMs || a.first - b.first)
            .slice(0, limits.slowest)
            .map(({ first: index }) => index),
          tests: testRows.slowest,
        },
        ...(plan !== null && hasParts && { splits: splitsOf(plan) }),
        omitted: {
          tests: testRows.omitted,
          failures: failures.omitted(),
          retries: retries.omitted(),
          texts: budget.omitted(),
        },
      };
    },
  };
}

/** The verdict with a warning where no test was chosen. */
function withNames(proof: Verdict, names: NameMatches | undefined): Verdict {
  const text = names?.unmatched() ?? null;
  if (text === null) return proof;
  const warning: Finding = {
    ...{ code: 'no-test-matches', severity: 'warning', nodes: [], items: [] },
    message: `Every test was skipped: ${text}.`,
    remedy: 'Correct the pattern: it is compared with the names of the suites and of the test, joined by blanks.',
  };
  return { ...proof, findings: [...proof.findings, warning] };
}

/** Remedies name commands as npm has them. */
function inCommandsOf(runner: Runner, proof: Verdict): Verdict {
  const findings = proof.findings.map((finding) => ({
    ...finding,
    remedy: commandsApart(withRunner(finding.remedy, runner), '  '),
  }));
  return { ...proof, findings };
}

function compareStarts(a: OpenFile | undefined, b: OpenFile | undefined): number {
  return (a?.startMs ?? 0) - (b?.startMs ?? 0) || (a?.node ?? 0) - (b?.node ?? 0);
}

function sumTests(nodes: readonly OpenNode[]): ReturnType<typeof noTests> {
  const sum = noTests();
  for (const { counts } of nodes) {
    for (const key of Object.keys(counts) as (keyof typeof sum)[]) sum[key] = (sum[key] ?? 0) + (counts[key] ?? 0);
  }
  return sum;
}

/** A split file is one. */
const countFiles = (files: readonly OpenFile[]): number => new Set(files.map((file) => fileKey(file))).size;

const distinct = (values: readonly string[]): string[] => [...new Set(values)].sort();

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Paths in messages as people name files: from the root. */
function pathShortener(rootDir: string | undefined): (text: string) => string {
  const roots = [ROOT_PLACEHOLDER, ...(rootDir === undefined || rootDir === '' ? [] : [rootDir])];
  // Not in the middle of a longer path, as in `../../srv/app/x.js`.
  const patterns = roots.map(
    (root) => [root, new RegExp(`(?<![\\w.~/\\\\-])${escapeRegExp(root)}[/\\\\]`, 'g')] as const,
  );
  return (text) => {
    let result = text;
    for (const [root, pattern] of patterns) if (result.includes(root)) result = result.replace(pattern, '');
    return result;
  };
}

/** Name and slot of a worker. */
function workerPlace(workers: WorkersRecord | undefined, worker: number | null) {
  if (workers === undefined || worker === null) return { workerName: null, slot: null };
  const { prefix, firstSlot } = workers;
  return { workerName: `${prefix}${worker}`, slot: firstSlot === null ? null : firstSlot + worker - 1 };
}
