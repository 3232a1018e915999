/** A TestSequencer that writes down every file it is given and runs none; see collect.ts. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Collected } from './collect';
import { captureEnvironment, INTERNAL_PREFIX } from './environment';
import { isFiltered } from './filters';
import { findHost } from './host';
import { readInvocation } from './invocation';
import { readGlobalConfig } from './run-state';
import type { JestGlobalConfig, JestSequencerClass, JestSequencerOptions, JestTest } from './shapes';
import { nameTests } from './test-files';

const host = findHost(process.cwd());
const { default: BaseSequencer } = host.load<{ default: JestSequencerClass }>('@jest/test-sequencer');

class CollectingSequencer extends BaseSequencer {
  readonly #init: JestSequencerOptions | undefined;

  constructor(init?: JestSequencerOptions) {
    super(init);
    this.#init = init;
  }

  override sort(tests: JestTest[]): JestTest[] {
    const { variables } = captureEnvironment();
    const config = readGlobalConfig<JestGlobalConfig>();
    const invocation = readInvocation(undefined);
    const configs = (this.#init?.contexts ?? []).map(({ config }) => config);
    const { files, rootPaths } = nameTests(tests, invocation.root, configs);
    const collected: Collected = {
      root: invocation.root,
      files,
      rootPaths,
      scope: invocation.scope,
      isFiltered: config !== undefined && isFiltered(config, process.argv),
      maxWorkers: config?.maxWorkers ?? 1,
      jestVersion: host.version,
    };
    writeFileSync(path.resolve(variables[`${INTERNAL_PREFIX}COLLECT`] as string), JSON.stringify(collected));
    return [];
  }
}

export = CollectingSequencer;
