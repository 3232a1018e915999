/**
 * The TestSequencer: keeps this node's share of the files Jest found.
 *
 * Extends the base class of the Jest that runs, and calls through, because coverage and CI-visibility tools hook these
 * methods. Jest makes one for every run (every re-run in watch mode) and calls `shard` (only with `--shard`) → `sort` →
 * `allFailedTests` (only with `--onlyFailures`; it sorts a second time) → `cacheResults`.
 */
import { fileKey, type TestFile } from '../plan/item';
import { isStandIn, standInFor } from './empty-share';
import { findHost } from './host';
import { planRun } from './planning';
import { publishRunState, type RunMode, type RunState, readGlobalConfig } from './run-state';
import { openSession, type Session } from './session';
import type {
  JestAggregatedResult,
  JestGlobalConfig,
  JestSequencerClass,
  JestSequencerOptions,
  JestShardOptions,
  JestTest,
} from './shapes';
import { announceShare } from './share-line';
import { type NamedTests, nameTests } from './test-files';

const { default: BaseSequencer } = findHost(process.cwd()).load<{ default: JestSequencerClass }>(
  '@jest/test-sequencer',
);

/** What was placed for one call of Jest's; a pure record of it. */
interface Placed {
  readonly tests: readonly JestTest[];
  readonly share: readonly JestTest[];
  readonly session: Session;
  readonly named: NamedTests;
  readonly mode: RunMode;
}

const isPlaced = ({ mode, session }: Placed): boolean => mode.kind === 'share' && session.identity.nodes > 1;

class DistributedSequencer extends BaseSequencer {
  readonly #globalConfig: JestGlobalConfig | undefined;
  readonly #init: JestSequencerOptions | undefined;
  /** By `--shard`, before `sort` sees what is left of the list. */
  #placed: Placed | undefined;
  #isSortingFailures = false;
  /** Estimates by Test, so that the longest start first by our timings too. */
  readonly #durations = new Map<JestTest, number>();

  constructor(init?: JestSequencerOptions) {
    super(init);
    this.#init = init;
    this.#globalConfig = init?.globalConfig ?? readGlobalConfig<JestGlobalConfig>();
  }

  override async shard(tests: JestTest[], options: JestShardOptions): Promise<JestTest[]> {
    const session = await openSession(this.#globalConfig, options);
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
      // Jest found nothing (a mistyped path): its own message stands, but a wrong setting is still told first.
      const session = await openSession(this.#globalConfig, undefined);
      if (tests.length === 0) return super.sort(tests);
      this.#placed = await this.#place(tests, session);
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
      announceShare(this.#publish(local), this.#globalConfig, placed.session.invocation.listTests);
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
  }

  override time(test: JestTest): number | undefined {
    return this.#durations.get(test) ?? super.time(test);
  }

  async #place(tests: readonly JestTest[], session: Session): Promise<Placed> {
    const { invocation, options } = session;
    const configs = (this.#init?.contexts ?? []).map(({ config }) => config);
    const named = nameTests(tests, invocation.root, configs);
    const everything = { tests, share: tests, session, named };
    if (options.disabled.value) return { ...everything, mode: { kind: 'disabled', source: options.disabled.source } };
    if (invocation.watch && !options.watch.value) return { ...everything, mode: { kind: 'watch' } };

    const { plan } = await planRun(
      {
        root: invocation.root,
        files: named.files,
        rootPaths: named.rootPaths,
        scope: invocation.scope,
      },
      session,
      false,
    );
    const own = plan.nodes[session.identity.number - 1]?.items ?? [];
    const estimates = new Map(
      own.map((item) => [fileKey({ project: item.project, path: item.file }), item.estimateMs]),
    );
    const share = tests.filter((test, index) => {
      const ms = estimates.get(named.keys[index] as string);
      if (ms !== undefined && plan.unit === 'ms') this.#durations.set(test, ms);
      return ms !== undefined;
    });
    return { ...everything, share, mode: { kind: 'share', plan } };
  }

  async #finish(placed: Placed): Promise<JestTest[]> {
    const { session, share, tests } = placed;
    const { listTests, onlyFailures } = session.invocation;
    const first = tests[0];
    if (first === undefined) return super.sort([]);
    const state = this.#publish(placed);
    // Which files it will be is known only after `allFailedTests`.
    const isLater = onlyFailures && isPlaced(placed);
    if (!isLater) announceShare(state, this.#globalConfig, listTests);
    if (share.length === 0) return listTests ? [] : [standInFor(first)];
    return super.sort([...share]);
  }

  #publish({ session, mode, named, tests, share }: Placed): RunState {
    const fileByTest = new Map<string, TestFile>();
    const nameOf = ({ path, context }: JestTest) => `${context.config.id}\0${path}`;
    tests.forEach((test, index) => {
      fileByTest.set(nameOf(test), named.files[index] as TestFile);
    });
    const state: RunState = {
      mode,
      identity: session.identity,
      options: session.options,
      root: session.invocation.root,
      scope: session.invocation.scope,
      found: named.files,
      share: share.map((test) => fileByTest.get(nameOf(test)) as TestFile),
      fileOf: (test) => fileByTest.get(`${test.context.config.id}\0${test.path}`),
    };
    publishRunState(state);
    return state;
  }
}

export { DistributedSequencer };
