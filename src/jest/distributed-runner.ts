/**
 * The runner of this package, whichever kind of run it is: what a queue hands out, or this node's share with heavy files
 * spread over its workers.
 */
import { optionRow } from '../options/table';
import { captureEnvironment } from './channels/environment';
import type { JestGlobalConfig } from './host/jest-types';
import { findHost } from './host/resolve-jest';
import { readRunState } from './planning/run-state';
import { takeSeat } from './queue/join-run';
import type { JestRunnerClass as QueueBaseClass } from './queue/queue-position';
import { makeQueueRunner } from './queue/runner';
import { hideAbsentFiles } from './split/selection/absent-files';
import { SlicingRunner } from './split/slices/slicing-runner';

const { default: BaseRunner } = findHost(process.cwd()).load<{ default: QueueBaseClass }>('jest-runner');
const QueueRunner = makeQueueRunner(BaseRunner, takeSeat);

function isForQueue(): boolean {
  const state = readRunState();
  if (state !== undefined) return state.mode.kind === 'queue';
  // Without the sequencer nobody placed anything: joining the queue says so.
  return Boolean(captureEnvironment().variables[optionRow('databaseUrl').variable]);
}

/** Jest makes one with `new` for every run. */
function DistributedRunner(globalConfig: JestGlobalConfig, context: object): object {
  const runner = isForQueue() ? new QueueRunner(globalConfig, context) : new SlicingRunner(globalConfig, context);
  return hideAbsentFiles(runner);
}

export { DistributedRunner };
