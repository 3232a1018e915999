/**
 * The global config and the project configs of the Jest that runs.
 *
 * Jest 30 hands both to the sequencer. Jest 29 makes a sequencer without arguments, but then asks each project's
 * `SearchSource` for its tests, and hands the global config along, before it calls `shard` or `sort`: there it is seen.
 */
import { DistributedError } from '../../errors';
import { channel, channelSymbol } from '../channels/channel';
import type { JestGlobalConfig, JestProjectConfig, JestSequencerOptions, JestTestContext } from './jest-types';
import type { ResolvedJest } from './resolve-jest';

export interface JestRun {
  readonly globalConfig: JestGlobalConfig;
  /** Configs of all projects of the run, in Jest's order, those without a test file too. */
  readonly configs: readonly JestProjectConfig[];
}

interface SearchSource {
  readonly _context?: JestTestContext;
  getTestPaths(globalConfig: JestGlobalConfig, ...rest: unknown[]): Promise<unknown>;
}

interface CoreModule {
  readonly SearchSource?: { readonly prototype: SearchSource };
}

/** What Jest has searched since it made its sequencer. */
interface Searches {
  globalConfig: JestGlobalConfig | undefined;
  configs: JestProjectConfig[];
}

// Two copies of this package may be in one process, and one Jest makes sequencers of either.
const currentSearches = channel<Searches>('searches', () => ({ globalConfig: undefined, configs: [] }));
const watched = channelSymbol('searches-watched');

/**
 * Looks on while the running Jest searches for tests. For modules that Jest loads as its sequencer, when they are
 * loaded; does nothing where Jest is not running, nor a second time.
 */
export function watchSearches({ corePath }: ResolvedJest): void {
  const { SearchSource: source } = (require.cache[corePath]?.exports ?? {}) as CoreModule;
  const prototype = source?.prototype as SearchSource | undefined;
  if (prototype === undefined || Object.hasOwn(prototype, watched)) return;
  const { getTestPaths } = prototype;
  Object.defineProperty(prototype, watched, { value: true });
  prototype.getTestPaths = function (this: SearchSource, globalConfig, ...rest) {
    const searches = currentSearches.read();
    searches.globalConfig = globalConfig;
    if (this._context !== undefined) searches.configs.push(this._context.config);
    return getTestPaths.call(this, globalConfig, ...rest);
  };
}

/**
 * To be called when Jest makes a sequencer.
 *
 * @param init what Jest gave it: nothing, on Jest 29.
 * @returns gives the run, from Jest's first call of `shard` or `sort` on.
 */
export function followRun(init: JestSequencerOptions | undefined): () => JestRun {
  if (init?.globalConfig !== undefined) {
    const { globalConfig, contexts } = init;
    return () => ({ globalConfig, configs: contexts.map(({ config }) => config) });
  }
  const searches = currentSearches.read();
  searches.globalConfig = undefined;
  searches.configs = [];
  return () => {
    const { globalConfig, configs } = searches;
    if (globalConfig === undefined) throw notSeen();
    return { globalConfig, configs };
  };
}

/** The root is never guessed: a wrong one gives other shares than those of the other nodes. */
function notSeen(): DistributedError {
  return new DistributedError({
    code: 'JEST_CONFIG_UNKNOWN',
    message: 'The sequencer was called, but it has no Jest config.',
    remedy: 'Start Jest with its own command line, with runCLI of @jest/core, or with npx jest-distributed run.',
  });
}
