/**
 * This node's blob: what it was asked to do, what it ran, how it ended.
 *
 * Where it cannot be written the tests go on, and a node ends red: what an earlier start of it has left could pass for its
 * results, and only the merge would miss them.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { onExit } from 'signal-exit';
import type { BlobHeader, Provable, QueueEndRecord, QueueNodeRecord } from '../../blob/blob';
import { keyName } from '../../blob/item-name';
import { toPortable } from '../../blob/portable-paths';
import type { TreeRecord } from '../../blob/tree-line';
import { type BlobWriter, openBlob } from '../../files/blob-file';
import { shownPath } from '../../files/folders';
import { packageVersion } from '../../files/package-version';
import { fileKey, type TestFile } from '../../plan/item';
import type { SplitRecord } from '../../select/split-record';
import { nodeIdentifier } from '../../workers/names';
import { readVariable } from '../channels/environment';
import { watchReporterErrors } from '../host/failure-causes';
import { isFiltered } from '../host/filters';
import type { JestAggregatedResult, JestGlobalConfig, JestTest, JestTestResult } from '../host/jest-types';
import { whyNothing } from '../host/nothing-to-run';
import { resolveJest } from '../host/resolve-jest';
import { commitOf } from '../planning/commit';
import { printLines, printNotice } from '../planning/print-share';
import { quarantineOf } from '../planning/quarantine';
import type { RunState } from '../planning/run-state';
import { treeOf, unreadTree } from '../planning/tree';
import { type ItemTry, itemRunOf, readQueueRun } from '../queue/published-run';
import { createResultLines, publishResultLines, type ResultLines } from '../queue/result-lines';
import { RECORD_PROPERTY } from '../split/selection/filter-results';
import { readPart } from '../split/selection/part-tag';
import { readNodeWorkers, readTeardownFailures } from '../workers/begin-workers';
import { readThreshold, storeThreshold } from './coverage-settings';
import { exitReasons } from './exit-reasons';
import { readOutcome } from './jest-outcome';
import { failAtExit, readOwnProblems } from './own-faults';
import { watchPrintedError } from './printed-error';
import { createRecorder, type Recorder } from './recorder';

interface CoverageConfig extends JestGlobalConfig {
  readonly coverageProvider?: 'babel' | 'v8';
  readonly coverageReporters?: readonly unknown[];
}

export interface NodeBlob {
  fileStart(test: JestTest): void;
  caseStart(test: { readonly path: string }, info: unknown): void;
  caseResult(test: { readonly path: string }, testCase: unknown): void;
  fileResult(test: JestTest, result: JestTestResult): void;
  /** An execution in the queue that does not count. */
  tryResult(test: JestTest, result: JestTestResult, tried: ItemTry): void;
  end(results: JestAggregatedResult): Promise<void>;
}

/** Names of the parts of each split file that a Test of this node stands for. */
function ownParts({ mode, identity }: RunState): (file: TestFile, test: JestTest) => readonly string[] | null {
  if (mode.kind === 'queue') {
    const namesParts = mode.plan.hashBy === 'auto';
    return (_file, test) => {
      const part = readPart(test.context.config);
      return part === null || !namesParts ? null : [part];
    };
  }
  const parts = new Map<string, string[]>();
  // Only parts that the plan names: where tests are hashed inside a file, the record of the tests seen is the proof.
  const hasParts = mode.kind === 'share' && mode.plan.hashBy === 'auto';
  const items = hasParts ? (mode.plan.nodes[identity.number - 1]?.items ?? []) : [];
  for (const { project, file, part } of items) {
    if (part === null) continue;
    const key = fileKey({ project, path: file });
    parts.set(key, [...(parts.get(key) ?? []), part]);
  }
  return (file) => parts.get(fileKey(file)) ?? null;
}

function provable({ mode }: RunState): Provable {
  return mode.kind === 'local-failures' ? { ok: false, reason: 'it ran --onlyFailures' } : { ok: true };
}

function queueRecordOf({ mode }: RunState): QueueNodeRecord | null {
  if (mode.kind !== 'queue') return null;
  const { pipeline, runId, node, target } = mode.place;
  const served = target.kind === 'database' ? 'database' : 'process';
  const host = readVariable('HOST');
  return { pipeline, runId, node, served, session: randomUUID(), ...(host !== undefined && { host }) };
}

async function headerOf(state: RunState, config: JestGlobalConfig, jestVersion: string): Promise<BlobHeader> {
  const { mode, identity, options, folders, root, scope, job, call, repeat, found } = state;
  const head = await commitOf(root);
  const workers = readNodeWorkers();
  const { coverageProvider = 'babel' } = config as CoverageConfig;
  return {
    packageVersion: packageVersion(),
    run: identity.run,
    job,
    call,
    node: { number: identity.number, nodes: identity.nodes, source: identity.source },
    ...(workers && { workers: { prefix: `${nodeIdentifier(workers.nodeName)}w`, firstSlot: workers.firstSlot } }),
    blobId: randomUUID(),
    jobId: identity.jobId,
    jobName: identity.jobName,
    provider: identity.provider,
    startMs: Date.now(),
    processStartMs: Math.floor(Date.now() - process.uptime() * 1_000),
    plan: mode.kind === 'share' || mode.kind === 'queue' ? mode.plan : null,
    queue: queueRecordOf(state),
    planInputs: {
      ...scope,
      isFiltered: isFiltered(config, process.argv),
    },
    planPath: options.plan === undefined ? null : shownPath(options.plan.value),
    repeat,
    found,
    nothing: found.length === 0 ? whyNothing(config) : null,
    disabled: mode.kind === 'disabled' ? { source: mode.source } : null,
    provable: provable(state),
    coverageProvider: config.collectCoverage === true ? coverageProvider : null,
    coverageThreshold:
      config.collectCoverage === true
        ? storeThreshold(
            config.coverageThreshold ?? readThreshold(),
            process.cwd(),
            toPortable(root, folders.repositoryDir),
          )
        : null,
    quarantine: mode.kind === 'disabled' ? null : quarantineOf(folders.projectDir).digest,
    commit: head?.commit ?? null,
    commitTree: head?.tree ?? null,
    jestVersion,
    nodeVersion: process.version,
    host: hostname(),
    platform: process.platform,
  };
}

/** Whether `run` took coverage reports away from this node: then its coverage goes into the blob alone. */
const leavesCoverageToMerge = (config: JestGlobalConfig): boolean => {
  const { coverageReporters } = config as CoverageConfig;
  return config.collectCoverage === true && coverageReporters?.length === 1 && coverageReporters[0] === 'none';
};

/** Every file of this node has reported: what is left is the end of reporters and of the process. */
export function haveAllReported({ mode }: RunState, results: JestAggregatedResult): boolean {
  if (mode.kind === 'queue' && readQueueRun()?.finished !== true) return false;
  return results.testResults.length >= results.numTotalTestSuites;
}

/**
 * Begins this node's blob in the report dir.
 *
 * @param results those that Jest fills while it runs.
 * @param running what runs now, as people read it.
 * @param splitOf the record of what was selected of a split file; undefined where it ran whole.
 * @returns undefined in watch mode, which is no part of a run, and where the blob cannot be written (reported on stderr).
 */
export async function openNodeBlob(
  state: RunState,
  config: JestGlobalConfig,
  results: JestAggregatedResult,
  running: () => readonly string[],
  splitOf: (test: JestTest, result: JestTestResult) => SplitRecord | undefined,
): Promise<NodeBlob | undefined> {
  if (config.watch === true || config.watchAll === true) return undefined;
  const host = resolveJest(state.root);
  const header = await headerOf(state, config, host.version);
  let writer: BlobWriter;
  try {
    writer = openBlob(state.options.reportDir.value, header);
  } catch (error) {
    complain(state, error);
    return undefined;
  }
  const recorder: Recorder = createRecorder({
    rootDir: state.root,
    repositoryDir: state.folders.repositoryDir,
    fileOf: (test) => state.fileOf(test),
    partsOf: ownParts(state),
    queueRunOf: (test) => itemRunOf(test) ?? null,
    takesCoverage: leavesCoverageToMerge(config),
  });
  publishResultLines(keepsResults(state) ? createLines(header, recorder, splitOf) : undefined);
  let isBroken = false;
  let isOver = false;
  const write = (work: () => void) => {
    if (isBroken) return;
    try {
      work();
    } catch (error) {
      isBroken = true;
      complain(state, error);
    }
  };
  /** After the end that --bail makes, other workers may still finish a file before Jest has left: not run, by that end. */
  const writeResult = (work: () => void) => {
    if (!isOver) write(work);
  };
  // Beside the tests: git, or reading every test file, must not keep them waiting.
  let hasTree = false;
  const writeTree = (record: TreeRecord) => {
    if (hasTree) return;
    hasTree = true;
    write(() => writer.tree(record));
  };
  const tree = treeOf(state).then(
    ({ record }) => writeTree(record),
    (error: unknown) => complain(state, error),
  );
  const reporterErrors = watchReporterErrors(host);
  const map = toPortable(state.root, state.folders.repositoryDir);
  let uncaught: string | undefined;
  let printedError: (() => string | undefined) | undefined;
  const watchErrors = () => {
    printedError ??= watchPrintedError();
  };
  const exit = (code: number | null, signal: string | null, last: JestAggregatedResult) =>
    write(() => {
      const teardowns = readTeardownFailures();
      const own = readOwnProblems();
      const causes = { reporterErrors: reporterErrors(), uncaught, teardowns, own, printed: printedError?.() };
      const facts = { code, signal, outcome: readOutcome(), results: last, ...causes };
      writer.exit({ code, signal, reasons: exitReasons(facts).map(map), ...(!isOver && { running: running() }) });
    });
  const end = (last: JestAggregatedResult) => {
    if (isOver) return;
    isOver = true;
    watchErrors();
    // A reporter before ours may leave while git still works.
    writeTree(unreadTree(state));
    write(() => writer.end({ ...recorder.end(last, config), ...queueEnd(state) }));
    process.on('uncaughtExceptionMonitor', (error: unknown) => {
      uncaught ??= error instanceof Error ? error.message : String(error);
    });
    // Hears the code after all other listeners, Jest's own among them. Only now: it listens to signals too, and in band
    // a test that never gives way could not be ended by Ctrl-C.
    onExit((code, signal) => exit(signal ? null : (code ?? 0), signal ?? null, last), { alwaysLast: true });
  };
  process.once('exit', (code) => {
    if (isOver) return;
    // A reporter before ours may end the process at the end of the run.
    if (haveAllReported(state, results)) end(results);
    else exit(code, null, results);
  });
  return {
    fileStart: (test) => recorder.fileStart(test),
    // Nothing of the blob yet: a case that is not reported is taken from its file's result.
    caseStart: (test, info) => recorder.caseStart(test, info),
    caseResult: (test, testCase) => recorder.caseResult(test, testCase),
    fileResult: (test, result) =>
      writeResult(() => {
        const record = recorder.fileResult(test, result);
        if (record !== undefined) writer.file(record);
        // Not only at the end: a reporter before ours may throw there.
        if (haveAllReported(state, results)) watchErrors();
      }),
    tryResult: (test, result, tried) =>
      writeResult(() => {
        const record = recorder.tryResult(test, result, tried);
        if (record !== undefined) writer.try(record);
      }),
    end: async (last) => {
      await Promise.race([tree, afterWaiting()]);
      end(last);
    },
  };
}

/** Git may hang, on a network's file system; Jest's own summary comes after us. */
const LONGEST_WAIT_MS = 60_000;

function afterWaiting(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, LONGEST_WAIT_MS).unref();
  });
}

/** Only where other machines ask: on this one the blob is there. */
const keepsResults = ({ mode }: RunState): boolean =>
  mode.kind === 'queue' && (mode.place.target.kind === 'database' || isOnHost());

const isOnHost = (): boolean => readVariable('KEEP_RESULTS') !== undefined;

function createLines(
  header: BlobHeader,
  recorder: Recorder,
  splitOf: (test: JestTest, result: JestTestResult) => SplitRecord | undefined,
): ResultLines {
  return createResultLines({
    header,
    // Of a host the blob comes home too, and what is too much to be kept is only there.
    notice: isOnHost() ? () => undefined : printNotice,
    prepare: (test, result, run) => {
      const split = splitOf(test, result);
      if (split === undefined) return recorder.prepare(test, result, run);
      // As our reporter will put it on the result, once Jest has counted.
      const tests = split.empty ? [] : result.testResults;
      const asReported = { ...result, testResults: tests, [RECORD_PROPERTY]: split };
      return recorder.prepare(test, result, run, asReported);
    },
  });
}

function queueEnd({ mode }: RunState): { readonly queue?: QueueEndRecord } {
  const run = mode.kind === 'queue' ? readQueueRun() : undefined;
  if (run === undefined) return {};
  const { finished, cancelledBy, retried, superseded, flaky } = run;
  const named = (keys: readonly string[]) => keys.map(keyName);
  return {
    queue: { finished, cancelledBy, retried: named(retried), superseded: named(superseded), flaky: named(flaky) },
  };
}

/** Whether settings made this a node; a plain run that only has our reporter is part of no run. */
const isNode = ({ mode, identity }: RunState): boolean =>
  mode.kind === 'queue' || (mode.kind !== 'disabled' && identity.source !== 'default');

function complain(state: RunState, error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  printLines([
    `jest-distributed: this node's blob cannot be written: ${text}`,
    isNode(state)
      ? '  The merge will report it as missing, and this node ends with exit code 1.'
      : '  Without a merge this has no effect.',
  ]);
  if (isNode(state)) failAtExit();
}
