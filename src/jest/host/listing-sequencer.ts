/** A TestSequencer that writes down every file it is given and runs none; see collect.ts. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { findFolders } from '../../files/folders';
import { readVariable } from '../channels/environment';
import { isFiltered } from './filters';
import { followRun, type JestRun, watchSearches } from './jest-configs';
import { readJestOptions } from './jest-options';
import type { JestSequencerClass, JestSequencerOptions, JestTest } from './jest-types';
import type { TestFileList } from './list-test-files';
import { nameTests } from './name-test-files';
import { whyNothing } from './nothing-to-run';
import { resolveJest } from './resolve-jest';
import { ownRunnersOf } from './runner-paths';

const host = resolveJest(process.cwd());
watchSearches(host);
const { default: BaseSequencer } = host.load<{ default: JestSequencerClass }>('@jest/test-sequencer');

class ListingSequencer extends BaseSequencer {
  readonly #run: () => JestRun;

  constructor(init?: JestSequencerOptions) {
    super(init);
    this.#run = followRun(init);
  }

  override sort(tests: JestTest[]): JestTest[] {
    const { globalConfig, configs } = this.#run();
    const invocation = readJestOptions(globalConfig);
    const { files, rootPaths, testPaths } = nameTests(tests, findFolders(invocation.root), configs);
    const ownRunners = ownRunnersOf(tests, invocation.root);
    const collected: TestFileList = {
      root: invocation.root,
      files,
      rootPaths,
      testPaths,
      ...(ownRunners && { ownRunners }),
      scope: invocation.scope,
      isFiltered: isFiltered(globalConfig, process.argv),
      nothing: files.length > 0 ? null : whyNothing(globalConfig),
      verbose: globalConfig.verbose === true,
      maxWorkers: globalConfig.maxWorkers ?? 1,
      jestVersion: host.version,
    };
    writeFileSync(path.resolve(readVariable('COLLECT') as string), JSON.stringify(collected));
    return [];
  }
}

export = ListingSequencer;
