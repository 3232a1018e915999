/**
 * The global config of a merge: the project's own, but nothing runs and the tests come from blobs.
 */
import type { JestGlobalConfig } from '../shapes';
import type { ReplaySource } from './replay-source';

const SEQUENCER = require.resolve('./replay-sequencer');

const REMOVED_SNAPSHOTS = require.resolve('./removed-snapshots');

/** What Jest has where no reporter is named. */
const DEFAULT = ['default', {}] as const;

const nameOf = (entry: string | readonly [string, Record<string, unknown>?]): string =>
  typeof entry === 'string' ? entry : entry[0];

/**
 * To be applied to Jest's global config once it is read and normalised.
 *
 * @param ownReporters names and paths of this package's reporter, which would write a blob of the merge.
 */
export function replaySettings<T extends JestGlobalConfig>(
  globalConfig: T,
  source: Pick<ReplaySource, 'coverageProvider' | 'hasUpdatedSnapshots' | 'removedSnapshotFiles'>,
  ownReporters: ReadonlySet<string>,
): T {
  const { coverageProvider, hasUpdatedSnapshots, removedSnapshotFiles } = source;
  const reporters = globalConfig.reporters?.filter((entry) => !ownReporters.has(nameOf(entry)));
  return {
    ...globalConfig,
    testSequencer: SEQUENCER,
    reporters: removedSnapshotFiles.length === 0 ? reporters : [[REMOVED_SNAPSHOTS, {}], ...(reporters ?? [DEFAULT])],
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
    // Coverage is what the nodes collected, whatever this command line says.
    collectCoverage: coverageProvider !== null,
    ...(coverageProvider !== null && { coverageProvider }),
  };
}
