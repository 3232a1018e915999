/**
 * The TestSequencer of a probe: the files in the order that was asked for, the first one first, and before them the
 * hooks and variables that workers have on a node.
 *
 * Extends nothing, as that of a merge: what hooks Jest's sequencer measures real runs.
 */
import { describeJob } from '../../files/job';
import { followRun, type JestRun, watchSearches } from '../host/jest-configs';
import type { JestGlobalConfig, JestSequencerOptions, JestTest } from '../host/jest-types';
import { resolveJest } from '../host/resolve-jest';
import { openSession } from '../planning/session';
import { beginWorkers } from '../workers/begin-workers';
import { startLoad } from './load';
import { readProbe } from './probe-order';

const host = resolveJest(process.cwd());
watchSearches(host);

async function begin(globalConfig: JestGlobalConfig, hasTests: boolean): Promise<void> {
  const { identity, options, folders } = await openSession(globalConfig, undefined);
  if (options.disabled.value) return;
  await beginWorkers(host, {
    ...{ identity, options, job: await describeJob(folders, options.label?.value ?? null) },
    ...{ projectDir: folders.projectDir, queueNode: null, isQueue: false, hasTests },
    count: globalConfig.maxWorkers ?? 1,
    hasMemoryLimit: globalConfig.workerIdleMemoryLimit != null,
    localRun: null,
    runSetups: null,
  });
}

class ProbeSequencer {
  readonly #run: () => JestRun;

  constructor(init?: JestSequencerOptions) {
    this.#run = followRun(init);
  }

  async sort(tests: JestTest[]): Promise<JestTest[]> {
    await begin(this.#run().globalConfig, tests.length > 0);
    // Not before: under load Jest itself takes long to start.
    startLoad(readProbe()?.load ?? 0);
    const places = new Map((readProbe()?.files ?? []).map((file, index) => [file, index]));
    const placeOf = ({ path }: JestTest) => places.get(path) ?? places.size;
    // Jest runs a few fast files in one process however many workers it may have; of files without a duration it does not.
    return tests.map((test) => Object.assign(test, { duration: undefined })).sort((a, b) => placeOf(a) - placeOf(b));
  }

  shard(tests: JestTest[]): JestTest[] {
    return tests;
  }

  allFailedTests(tests: JestTest[]): JestTest[] {
    return tests;
  }

  cacheResults(): void {
    // The next real run is sorted by real runs.
  }
}

export default ProbeSequencer;
