/**
 * The runner of this package, whichever kind of run it is: what a queue hands out, or this node's share with heavy files
 * spread over its workers.
 */
import { optionRow } from '../options/table';
import { captureEnvironment } from './channels/environment';
import type { JestGlobalConfig, JestRunnerClass } from './host/jest-types';
import { resolveJest } from './host/resolve-jest';
import { readRunState } from './planning/run-state';
import { joinRun } from './queue/join-run';
import { makeQueueRunner } from './queue/runner';
import { hideAbsentFiles } from './split/selection/absent-files';
import { SlicingRunner } from './split/slices/slicing-runner';

const { default: BaseRunner } = resolveJest(process.cwd()).load<{ default: JestRunnerClass }>('jest-runner');
const QueueRunner = makeQueueRunner(BaseRunner, joinRun);

function isForQueue(): boolean {
  const state = readRunState();
  if (state !== undefined) return state.mode.kind === 'queue';
  // Without the sequencer nobody placed anything: joining the queue fails with that.
  return Boolean(captureEnvironment().variables[optionRow('databaseUrl').variable]);
}

/** Jest makes one with `new` for every run. */
function DistributedRunner(globalConfig: JestGlobalConfig, context: object): object {
  const runner = isForQueue() ? new QueueRunner(globalConfig, context) : new SlicingRunner(globalConfig, context);
  return hideAbsentFiles(runner);
}

export { DistributedRunner };
