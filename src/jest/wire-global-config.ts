/**
 * What `jest-distributed run` adds to a project's global config, so that the project itself needs no edit.
 */
import { isLocalNode } from './channels/progress';
import type { JestGlobalConfig } from './host/jest-types';
import type { Adjustment } from './host/run-jest';
import { printLines, printNotice } from './planning/print-share';
import { isQueued } from './planning/queue-config';
import { openSession } from './planning/session';
import { nodeCoverageSettings, publishThreshold } from './record/coverage-settings';
import { localNodeSettings } from './record/local-parent';

const SEQUENCER = require.resolve('../sequencer');
const REPORTER = require.resolve('../reporter');
const NAMES = new Set([REPORTER, 'jest-distributed/reporter']);

/** The project's reporters (Jest's default where it names none) and ours, once. */
function withReporter(reporters: JestGlobalConfig['reporters']): NonNullable<JestGlobalConfig['reporters']> {
  const own = reporters ?? [['default', {}] as const];
  const isThere = own.some((entry) => NAMES.has(typeof entry === 'string' ? entry : entry[0]));
  return isThere ? own : [...own, [REPORTER, {}] as const];
}

// `resolveSequencer` of Jest leaves the stock one at this path, whatever package manager laid it there.
const STOCK_SEQUENCER = /@jest[\\/]test-sequencer[\\/]build[\\/]index\.js$/;

function warnReplaced(sequencer: string | undefined): void {
  if (sequencer === undefined || sequencer === SEQUENCER || STOCK_SEQUENCER.test(sequencer)) return;
  printLines([`jest-distributed: the project's testSequencer ${sequencer} is replaced for this run`]);
}

/** The names by which this package's reporter stands in a config. */
export const OUR_REPORTERS: ReadonlySet<string> = NAMES;

export const wireNode: Adjustment = async (config) => {
  warnReplaced(config.testSequencer);
  const wired = localNodeSettings({
    ...config,
    testSequencer: SEQUENCER,
    reporters: withReporter(config.reporters),
  });
  const session = await openSession(config, config.shard);
  const { options, identity, invocation } = session;
  const isShare = (identity.nodes > 1 || isQueued(session)) && !options.disabled.value && !invocation.watch;
  if (!isShare) return wired;
  publishThreshold(config.coverageThreshold);
  if (config.collectCoverage === true && !invocation.listTests && !isLocalNode()) {
    printNotice('coverage goes into the blob; merge writes the coverage reports');
  }
  return nodeCoverageSettings(wired);
};
