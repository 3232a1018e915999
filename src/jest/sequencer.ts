/**
 * The TestSequencer: keeps this node's share of the files Jest found.
 *
 * Extends the base class of the Jest that runs, and calls through, because coverage and CI-visibility tools hook these
 * methods. Jest makes one for every run (every re-run in watch mode) and calls `shard` (only with `--shard`) → `sort` →
 * `allFailedTests` (only with `--onlyFailures`; it sorts a second time) → `cacheResults`.
 */

import type { CallRecord, JobRecord } from '../blob/blob';
import type { ConfigRecord } from '../blob/tree-line';
import { refuseSecondResult } from '../files/blob-file';
import { describeJob } from '../files/job';
import { touchStatusFile } from '../files/shard-status-file';
import { unknownRunNotice } from '../node/run';
import { idleQueueVariables } from '../options/queue-only';
import { fileKey, type TestFile } from '../plan/item';
import { checkTarget } from '../postgres/queue-target';
import { patternsIn } from '../shell/jest-flags';
import type { RepeatRecord } from '../shell/reproduce-tests';
import { variableName } from './channels/environment';
import { isLocalNode } from './channels/progress';
import { settleTotal, watchTotals } from './host/file-total';
import { isFiltered } from './host/filters';
import { argumentsOfJest } from './host/jest-arguments';
import { followRun, type JestRun, watchSearches } from './host/jest-configs';
import type {
  JestAggregatedResult,
  JestProjectConfig,
  JestSequencerClass,
  JestSequencerOptions,
  JestShardOptions,
  JestTest,
  JestTestContext,
} from './host/jest-types';
import { type NamedTests, nameTests } from './host/name-test-files';
import { whyNothing } from './host/nothing-to-run';
import { resolveJest } from './host/resolve-jest';
import { ownRunnersOf } from './host/runner-paths';
import { describeCall } from './planning/call';
import { isStandIn, standInFor } from './planning/empty-share';
import { meantFiles } from './planning/meant-files';
import { countPlannedTests, type PlannedRun, planRun } from './planning/planning';
import { printNotice, printShare } from './planning/print-share';
import { checkQuarantine } from './planning/quarantine';
import { readQueueConfig } from './planning/queue-config';
import { describeReproduction } from './planning/reproduce-record';
import { publishRunState, type RunMode, type RunState, type Splitting } from './planning/run-state';
import { openSession, type Session } from './planning/session';
import { notUsedText } from './planning/timings-source';
import { describeConfigs } from './planning/tree';
import { placeQueue } from './queue/run-tests';
import {
  checkSplits,
  findSplits,
  type PlacedSplits,
  placeSplits,
  removeSplits,
  type Splits,
} from './split/install-splits';
import { beginWorkers } from './workers/begin-workers';

const host = resolveJest(process.cwd());
const { default: BaseSequencer } = host.load<{ default: JestSequencerClass }>('@jest/test-sequencer');
watchSearches(host);

/** What was placed for one call of Jest's; a pure record of it. */
interface Placed {
  readonly job: JobRecord;
  readonly call: CallRecord;
  readonly repeat: RepeatRecord;
  readonly configRecords: readonly ConfigRecord[];
  readonly tests: readonly JestTest[];
  readonly share: readonly JestTest[];
  readonly session: Session;
  readonly named: NamedTests;
  /** Of every project that is known. */
  readonly configs: readonly JestProjectConfig[];
  readonly mode: RunMode;
  /** Where the mode is `share`. */
  readonly planned?: PlannedRun;
  readonly splits?: Splits;
}

type QueueMode = Extract<RunMode, { readonly kind: 'queue' }>;

const isPlaced = ({ mode, session }: Placed): boolean =>
  mode.kind === 'queue' || (mode.kind === 'share' && session.identity.nodes > 1);

class DistributedSequencer extends BaseSequencer {
  readonly #run: () => JestRun;
  /** By `--shard`, before `sort` sees what is left of the list. */
  #placed: Placed | undefined;
  #isSortingFailures = false;
  #split: PlacedSplits | undefined;
  /** Estimates by Test, so that the longest start first by our timings too. */
  readonly #durations = new Map<JestTest, number>();

  constructor(init?: JestSequencerOptions) {
    super(init);
    this.#run = followRun(init);
  }

  async #open(shard: JestShardOptions | undefined): Promise<Session> {
    const session = await openSession(this.#run().globalConfig, shard);
    const { identity, invocation, options } = session;
    const runsEverything = options.disabled.value || invocation.watch;
    // Here and not where the share is known: a shard without a file, or a project without one, is understood too.
    if (identity.statusFile !== null && !runsEverything) touchStatusFile(identity.statusFile);
    return session;
  }

  override async shard(tests: JestTest[], options: JestShardOptions): Promise<JestTest[]> {
    const session = await this.#open(options);
    if (session.options.disabled.value) {
      this.#placed = await this.#place(tests, session);
      const sharded = await super.shard(tests, options);
      this.#placed = { ...this.#placed, share: sharded };
      return sharded;
    }
    this.#placed = await this.#place(tests, session);
    return [...this.#placed.share];
  }

  override async sort(tests: JestTest[]): Promise<JestTest[]> {
    if (this.#isSortingFailures) return super.sort(tests);
    if (this.#placed === undefined) {
      this.#placed = await this.#place(tests, await this.#open(undefined));
    }
    return this.#finish(this.#placed);
  }

  override async allFailedTests(tests: JestTest[]): Promise<JestTest[]> {
    const placed = this.#placed;
    this.#isSortingFailures = true;
    try {
      if (placed === undefined || !isPlaced(placed))
        return await super.allFailedTests(tests.filter((test) => !isStandIn(test)));
      const failures = await super.allFailedTests([...placed.tests]);
      const local: Placed = { ...placed, share: failures, mode: { kind: 'local-failures' } };
      printShare(this.#publish(local), this.#run().globalConfig, placed.session.invocation.listTests);
      return failures;
    } finally {
      this.#isSortingFailures = false;
    }
  }

  override cacheResults(tests: JestTest[], results: JestAggregatedResult): void {
    super.cacheResults(
      tests.filter((test) => !isStandIn(test)),
      results,
    );
    settleTotal(results);
    if (this.#split === undefined || this.#placed === undefined) return;
    checkSplits(tests, results, this.#split.splitting, fileNamer(this.#placed));
  }

  override time(test: JestTest): number | undefined {
    return this.#durations.get(test) ?? super.time(test);
  }

  async #place(tests: readonly JestTest[], session: Session): Promise<Placed> {
    const { invocation, options, folders } = session;
    const { globalConfig, configs } = this.#run();
    const named = nameTests(tests, folders, configs);
    const job = await describeJob(folders, options.label?.value ?? null);
    const projects = named.projects.map(({ name }) => name);
    const args = process.argv.slice(2);
    const call = describeCall({ folders, scope: invocation.scope, projects, globalConfig, args });
    const configRecords = describeConfigs(named.projects, folders);
    const repeat = describeReproduction({
      args: argumentsOfJest(process.argv) ?? [],
      projects: named.projects,
      folders,
      options,
    });
    const everything = { tests, share: tests, session, named, configs, job, call, repeat, configRecords };
    if (options.disabled.value) return { ...everything, mode: { kind: 'disabled', source: options.disabled.source } };
    if (invocation.watch) return { ...everything, mode: { kind: 'watch' } };

    const planned = await planRun(
      {
        ...{ root: invocation.root, folders, scope: invocation.scope },
        ...{ files: named.files, rootPaths: named.rootPaths, testPaths: named.testPaths },
        ownRunners: ownRunnersOf(tests, invocation.root),
        isFiltered: isFiltered(globalConfig, process.argv),
      },
      session,
      false,
    );
    const { plan } = planned;
    const place = await readQueueConfig(session);
    if (place !== null) return { ...everything, mode: { kind: 'queue', plan, place }, planned };
    const { number } = session.identity;
    const own = plan.nodes[number - 1]?.items ?? [];
    const hasParts = plan.hashBy !== 'file' || own.some(({ content }) => content !== undefined);
    const splits = hasParts ? findSplits(plan, number, options.splitLocal.value) : undefined;
    const estimates = new Map<string, number>();
    for (const { project, file, estimate } of own) {
      const key = fileKey({ project, path: file });
      estimates.set(key, (estimates.get(key) ?? 0) + estimate);
    }
    const share = tests.filter((test, index) => {
      const ms = estimates.get(named.keys[index] as string);
      if (ms === undefined) return false;
      if (plan.unit === 'ms') this.#durations.set(test, ms);
      return true;
    });
    return { ...everything, share, mode: { kind: 'share', plan }, planned, ...(splits && { splits }) };
  }

  async #finish(placed: Placed): Promise<JestTest[]> {
    const { session, share, tests } = placed;
    const { listTests, onlyFailures } = session.invocation;
    const first = tests[0];
    if (first === undefined) return this.#finishNothing(placed);
    if (!listTests) {
      refuseSecond(placed);
      if (placed.mode.kind !== 'disabled' && placed.mode.kind !== 'watch') checkQuarantine(session.folders.projectDir);
      await this.#beginWorkers(placed);
    }
    // Which files it will be is known only after `allFailedTests`, and those run whole.
    const isLater = onlyFailures && isPlaced(placed);
    if (placed.mode.kind === 'queue' && !isLater) return this.#finishQueue(placed, placed.mode, listTests);
    const sorted = share.length === 0 ? [] : await super.sort([...share]);
    if (placed.splits?.isInstalled && !listTests) await watchTotals(host);
    const isSplit = placed.splits?.isInstalled === true && share.length > 0 && !listTests && !isLater;
    this.#split = isSplit
      ? placeSplits(sorted, placed.splits as Splits, fileNamer(placed), session.folders)
      : undefined;
    if (!isSplit) removeSplits();
    const state = this.#publish(placed, this.#split?.splitting);
    if (!isLater) printShare(state, this.#run().globalConfig, listTests);
    if (share.length === 0) return listTests ? [] : [standInFor(first)];
    return this.#split === undefined ? sorted : [...this.#split.tests];
  }

  /**
   * Jest found nothing. Where it calls that an error (a mistyped path) it ends next, and its own message stands; else it
   * goes on to the reporters, and ours leaves a blob that says so.
   */
  async #finishNothing(placed: Placed): Promise<JestTest[]> {
    removeSplits();
    const { globalConfig } = this.#run();
    const { listTests, watch } = placed.session.invocation;
    const isContent = whyNothing(globalConfig) !== null;
    if (!isContent && !listTests && !watch) await printMeant(argumentsOfJest(process.argv) ?? []);
    if (isContent && !listTests) refuseSecond(placed);
    const state = this.#publish(placed);
    if (isContent) printShare(state, globalConfig, listTests);
    return super.sort([]);
  }

  /** Before globalSetup, and before any worker is started. */
  async #beginWorkers({ mode, session, job, share }: Placed): Promise<void> {
    if (mode.kind === 'disabled') return;
    const { identity, options, environment, folders } = session;
    await beginWorkers(host, {
      ...{ identity, options, job },
      projectDir: folders.projectDir,
      queueNode: mode.kind === 'queue' ? mode.place.node : null,
      isQueue: mode.kind === 'queue',
      count: this.#run().globalConfig.maxWorkers ?? 1,
      hasMemoryLimit: this.#run().globalConfig.workerIdleMemoryLimit != null,
      hasTests: share.length > 0,
      localRun: environment[variableName('LOCAL_RUN')] ?? null,
      runSetups: environment[variableName('RUN_SETUPS')] ?? null,
    });
  }

  /** Every node may get any file; the queue decides which, when a worker is free. */
  async #finishQueue(placed: Placed, { plan, place }: QueueMode, listTests: boolean): Promise<JestTest[]> {
    const { share } = placed;
    const fileOf = fileNamer(placed);
    if (!listTests) {
      // The runner opens it once Jest has announced the run: too late for what can be known now.
      await checkTarget(place.target);
      await watchTotals(host);
    }
    const queued = listTests ? undefined : placeQueue(share, plan, fileOf, placed.session.folders);
    if (queued?.splitting === undefined) removeSplits();
    this.#split = queued?.splitting && { tests: queued.tests, splitting: queued.splitting };
    const state = this.#publish(placed, queued?.splitting, queued?.items);
    printShare(state, this.#run().globalConfig, listTests);
    return super.sort([...(queued?.tests ?? share)]);
  }

  #publish(placed: Placed, splitting: Splitting | null = null, queueItems: RunState['queueItems'] = null): RunState {
    const { session, mode, named, share, planned } = placed;
    const fileOf = fileNamer(placed);
    const state: RunState = {
      mode,
      identity: session.identity,
      options: session.options,
      root: session.invocation.root,
      folders: session.folders,
      scope: session.invocation.scope,
      job: placed.job,
      call: placed.call,
      repeat: placed.repeat,
      found: named.files,
      testPaths: named.testPaths,
      configRecords: placed.configRecords,
      share: share.map((test) => fileOf(test) as TestFile),
      notices: noticesOf(placed),
      splitting,
      queueItems,
      testsPerNode: () => (planned === undefined ? [] : countPlannedTests(planned)),
      fileOf,
    };
    publishRunState(state);
    return state;
  }
}

/** The files that somebody may have meant, above what Jest itself says of its patterns. */
async function printMeant(jestArgs: readonly string[]): Promise<void> {
  const given = patternsIn(jestArgs);
  const meant = await meantFiles(given, jestArgs);
  if (meant !== null) printNotice(`no test file matches ${given.join(' or ')}. ${meant}`);
}

/** Before any test: what this node would write must not be there already. */
function refuseSecond({ mode, session, job, call }: Placed): void {
  const { identity, options } = session;
  const { number, nodes, source, run, jobId } = identity;
  if (mode.kind === 'watch' || mode.kind === 'disabled' || mode.kind === 'queue') return;
  refuseSecondResult(options.reportDir.value, { run, job, call, node: { number, nodes, source }, jobId });
}

function noticesOf({ mode, session, planned }: Placed): RunState['notices'] {
  const { notice, run, nodes } = session.identity;
  const unknown = nodes > 1 ? unknownRunNotice(run) : null;
  const unused = planned?.unusedTimings;
  // The parent of a local node has said it for all.
  const idle = mode.kind === 'share' && !isLocalNode() ? idleQueueVariables(session.options) : null;
  return [
    // Nodes of a queue need no number, and where nothing is distributed nobody asks for one.
    ...(notice === null || mode.kind !== 'share' ? [] : [notice]),
    ...(unknown === null ? [] : [unknown]),
    ...(idle === null ? [] : [idle]),
    ...(planned?.notices ?? []),
    ...(unused === undefined || session.identity.nodes === 1 ? [] : [`the timings file ${notUsedText(unused)}`]),
  ];
}

/**
 * Names of the tests of a run, also of copies of them with other contexts. A file that somebody runs though it was never
 * placed (a sequencer that extends this one, a runner of the project's own) has a name too: it is for the proof to find.
 */
function fileNamer({ tests, named, configs, session }: Placed): RunState['fileOf'] {
  const keyOf = ({ path: file, context }: Parameters<RunState['fileOf']>[0]) => `${context.config.id}\0${file}`;
  const known = new Map(tests.map((test, index) => [keyOf(test), named.files[index]]));
  return (test) => {
    const file = known.get(keyOf(test));
    if (file !== undefined) return file;
    const { path: testPath, context } = test;
    if (testPath === '' || isStandIn(test)) return undefined;
    // As Jest has it: copies of ours have another runner.
    const config = configs.find(({ id }) => id === context.config.id) ?? (context as JestTestContext).config;
    return nameTests([{ path: testPath, context: { config } }], session.folders, configs).files[0];
  };
}

export { DistributedSequencer };
