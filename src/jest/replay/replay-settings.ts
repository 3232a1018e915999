/**
 * The global config of a merge: the project's own, but nothing runs and the tests come from blobs.
 */
import { openCheckout } from '../../files/checkout';
import { findFolders } from '../../files/folders';
import type { JestGlobalConfig } from '../host/jest-types';
import { restoreThreshold } from '../record/coverage-settings';
import type { ReplaySource } from './replay-source';

const SEQUENCER = require.resolve('./replay-sequencer');
const CLOCK = require.resolve('./replay-clock');

const QUARANTINE = require.resolve('./replay-quarantine');

const REMOVED_SNAPSHOTS = require.resolve('./removed-snapshots');

/** What Jest has where no reporter is named. */
const DEFAULT = ['default', {}] as const;

const nameOf = (entry: string | readonly [string, Record<string, unknown>?]): string =>
  typeof entry === 'string' ? entry : entry[0];

type Reporters = NonNullable<JestGlobalConfig['reporters']>;

/** The project's reporters without ours, behind those that correct what Jest counts and times here. */
function withHelpers(
  reporters: JestGlobalConfig['reporters'],
  ownReporters: ReadonlySet<string>,
  {
    removedSnapshotFiles,
    quarantine,
  }: Pick<ReplaySource, 'removedSnapshotFiles'> & Partial<Pick<ReplaySource, 'quarantine'>>,
): Reporters {
  const own = reporters ?? [DEFAULT];
  const kept = own.filter((entry) => !ownReporters.has(nameOf(entry)));
  const before: Reporters = [
    ...(removedSnapshotFiles.length > 0 ? [[REMOVED_SNAPSHOTS, {}] as const] : []),
    ...(quarantine == null ? [] : [[QUARANTINE, {}] as const]),
  ];
  return [...before, [CLOCK, {}], ...kept];
}

/**
 * To be applied to Jest's global config once it is read and normalised.
 *
 * @param ownReporters names and paths of this package's reporter, which would write a blob of the merge.
 */
export function replaySettings<T extends JestGlobalConfig>(
  globalConfig: T,
  source: Pick<
    ReplaySource,
    'coverageProvider' | 'coverageThreshold' | 'hasUpdatedSnapshots' | 'removedSnapshotFiles'
  > &
    Partial<Pick<ReplaySource, 'quarantine'>>,
  ownReporters: ReadonlySet<string>,
): T {
  const { coverageProvider, coverageThreshold, hasUpdatedSnapshots } = source;
  return {
    ...globalConfig,
    testSequencer: SEQUENCER,
    reporters: withHelpers(globalConfig.reporters, ownReporters, source),
    globalSetup: undefined,
    globalTeardown: undefined,
    // The nodes have written theirs; here snapshots are only counted, as what the nodes did with them.
    updateSnapshot: hasUpdatedSnapshots ? 'all' : 'none',
    // Each of these stops or narrows a run that is already over.
    bail: 0,
    onlyFailures: false,
    onlyChanged: false,
    detectOpenHandles: false,
    detectLeaks: false,
    shard: undefined,
    watch: false,
    watchAll: false,
    // No test is here that could have left something open.
    openHandlesTimeout: 0,
    // Coverage is what the nodes collected, whatever this command line says.
    collectCoverage: coverageProvider !== null,
    ...(coverageProvider !== null && { coverageProvider }),
    // The nodes left theirs to be checked on the whole; one that is given here counts before it.
    ...(coverageThreshold !== null &&
      globalConfig.coverageThreshold === undefined && {
        coverageThreshold: restoreThreshold(
          coverageThreshold,
          process.cwd(),
          openCheckout(findFolders(globalConfig.rootDir)),
        ),
      }),
  };
}
