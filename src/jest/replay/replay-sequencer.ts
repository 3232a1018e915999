/**
 * The TestSequencer of a merge: the list of tests comes from the blobs, and each test's runner is the one that replays.
 *
 * Stands alone and extends nothing: what hooks Jest's sequencer measures real runs, and this is none.
 */
import path from 'node:path';
import { itemName } from '../../blob/item-name';
import { DistributedError } from '../../errors';
import { openCheckout } from '../../files/checkout';
import { findFolders } from '../../files/folders';
import { fileKey } from '../../plan/item';
import { copyContexts } from '../host/copy-contexts';
import { followRun, type JestRun, watchSearches } from '../host/jest-configs';
import { readJestOptions } from '../host/jest-options';
import type { JestSequencerOptions, JestTest } from '../host/jest-types';
import { nameTests } from '../host/name-test-files';
import { resolveJest } from '../host/resolve-jest';
import { describeCall } from '../planning/call';
import { type ReplayFile, type ReplaySource, readReplay, tagTest } from './replay-source';

watchSearches(resolveJest(process.cwd()));

const RUNNER = require.resolve('./replay-runner');

/**
 * With `-u` Jest removes the snapshot files that it finds by this method and whose test file is gone: the nodes have done
 * so in their checkouts, and a merge changes nothing in its own.
 */
function withoutSnapshots(files: object | undefined): object {
  return Object.create(files ?? null, { matchFiles: { value: () => [] } });
}

const withReplayRunner = ({ hasUpdatedSnapshots }: ReplaySource) =>
  copyContexts((context) => ({
    ...context,
    // Nothing runs here, so nothing is to be set up.
    config: { ...context.config, runner: RUNNER, globalSetup: undefined, globalTeardown: undefined },
    ...(hasUpdatedSnapshots && { hasteFS: withoutSnapshots(context.hasteFS) }),
  }));

function unknownProject({ file }: ReplayFile): DistributedError {
  return new DistributedError({
    code: 'REPLAY_PROJECT_UNKNOWN',
    message: `A node ran ${itemName(file, null)}, but Jest finds no test file of that project here.`,
    remedy:
      'Merge in a checkout of the same commit, with the --config or --projects of the nodes after "--", and without path filters.',
  });
}

function outsideCheckout({ file }: ReplayFile): DistributedError {
  return new DistributedError({
    code: 'REPLAY_PATH_OUTSIDE',
    message: `A blob holds a result of ${itemName(file, null)}, which is outside this checkout.`,
    remedy: 'Merge in a checkout of the same commit. If this is one, do not trust this blob.',
  });
}

class ReplaySequencer {
  readonly #run: () => JestRun;

  constructor(init?: JestSequencerOptions) {
    this.#run = followRun(init);
  }

  sort(tests: JestTest[]): JestTest[] {
    const replay = readReplay();
    const { files } = replay;
    const { globalConfig, configs } = this.#run();
    const folders = findFolders(globalConfig.rootDir);
    const { keys, files: names, projects } = nameTests(tests, folders, configs);
    const byKey = new Map(tests.map((test, index) => [keys[index], test]));
    const contexts = new Map(tests.map((test, index) => [names[index]?.project ?? null, test.context]));
    const replaying = withReplayRunner(replay);
    const known = new Set(files.map(({ file }) => fileKey(file)));
    replay.replayed.unknown = names.filter((_, index) => !known.has(keys[index] as string));
    replay.replayed.call = describeCall({
      ...{ folders, globalConfig, scope: readJestOptions(globalConfig).scope },
      projects: projects.map(({ name }) => name),
      args: process.argv.slice(2),
    }).digest;
    const checkout = openCheckout(folders);
    return files.map((replayed) => {
      const { file } = replayed;
      const test = byKey.get(fileKey(file));
      // A file that only the nodes have, such as a generated one, is still a result of this run.
      const context = test?.context ?? contexts.get(file.project);
      if (context === undefined) throw unknownProject(replayed);
      const place = test?.path ?? path.join(context.config.rootDir, ...file.path.split('/'));
      // Reporters may read the file that a result is of.
      if (test === undefined && !checkout.isInside(place)) throw outsideCheckout(replayed);
      // Without a duration: Jest would print an estimate that is made of these very results.
      return tagTest(replaying({ path: place, context }), replayed);
    });
  }

  /** `--shard` and `--onlyFailures` have no meaning here. */
  shard(tests: JestTest[]): JestTest[] {
    return tests;
  }

  allFailedTests(tests: JestTest[]): JestTest[] {
    return tests;
  }

  /** Durations of other machines do not belong into this one's cache. */
  /** After all reporters, and before Jest writes its `--json`: when the run really began. */
  cacheResults(_tests: unknown, results: { startTime: number }): void {
    results.startTime = readReplay().startMs;
  }
}

export default ReplaySequencer;
