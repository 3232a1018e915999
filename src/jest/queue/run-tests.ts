/**
 * Prepares the Tests of a queue run: the list that Jest schedules, and the Test of every item that may be claimed.
 */
import { DistributedError } from '../../errors';
import type { Folders } from '../../files/folders';
import { fileKey, type TestFile } from '../../plan/item';
import type { Plan } from '../../plan/plan';
import { partSelections } from '../../select/planned-selection';
import { copyContexts } from '../host/copy-contexts';
import type { JestGlobalConfig, JestTest } from '../host/jest-types';
import { isStockRunner, RUNNER } from '../host/runner-paths';
import { type PlacedSplits, placeSelections } from '../split/install-splits';
import { installSelection } from '../split/selection/install-test-runner';
import { tagPart } from '../split/selection/part-tag';

export interface PlacedQueue extends Partial<Pick<PlacedSplits, 'splitting'>> {
  /** For Jest's scheduler: every file once, with our runner. */
  readonly tests: readonly JestTest[];
  /** Every item by `fileKey(file, part)`, with the project's own runner in its config: workers find a warm cache. */
  readonly items: ReadonlyMap<string, JestTest>;
}

type FileOf = (test: JestTest) => TestFile | undefined;

const withQueueRunner = copyContexts((context) => {
  if (!isStockRunner(context.config.runner)) throw runnerUnsupported(context.config.runner);
  return { ...context, config: { ...context.config, runner: RUNNER } };
});

/**
 * @param tests every file that Jest found.
 * @throws DistributedError `QUEUE_RUNNER_UNSUPPORTED`, `QUEUE_GROUP`, `PLAN_PARTS_BROKEN`.
 */
export function placeQueue(tests: readonly JestTest[], plan: Plan, fileOf: FileOf, folders: Folders): PlacedQueue {
  refuseGroups(plan);
  const parts = partSelections(plan);
  if (plan.hashBy === 'file' && parts.length === 0) {
    return { tests: tests.map((test) => withQueueRunner(test)), items: byKey(tests, fileOf) };
  }
  const { tests: selecting, selections } = installSelection(tests, () => undefined);
  const whole = byKey(selecting, fileOf);
  const items = new Map(whole);
  const numbers = new Map<string, number>();
  const entries = parts.flatMap(({ file, part, selection }) => {
    const key = fileKey(file);
    const test = whole.get(key);
    if (test === undefined) return [];
    const number = (numbers.get(key) ?? 0) + 1;
    numbers.set(key, number);
    items.delete(key);
    items.set(fileKey(file, part), tagPart(test, part, number));
    return [{ testPath: test.path, projectId: test.context.config.id, selection, part }];
  });
  const selectionFile = placeSelections({ ...selections, entries }, folders);
  const files = new Set(parts.map(({ file }) => fileKey(file)));
  return {
    tests: selecting.map((test) => withQueueRunner(test)),
    items,
    splitting: { selectionFile, files, slicesOf: () => [] },
  };
}

/**
 * Parts of one file may run on one machine at the same time, and two workers that write one snapshot file would lose
 * each other's snapshots.
 *
 * @throws DistributedError `QUEUE_SPLIT_WRITES_SNAPSHOTS`.
 */
export function refuseSharedSnapshots({ updateSnapshot: mode = 'none' }: JestGlobalConfig): void {
  if (mode === 'none') return;
  throw new DistributedError({
    code: 'QUEUE_SPLIT_WRITES_SNAPSHOTS',
    message: `Snapshots may be written in this run (Jest's updateSnapshot is "${mode}"), and the queue hands out parts of split files.`,
    remedy: "Add Jest's --ci, which writes none, or keep files whole with --hash-by file.",
  });
}

/** Nobody knows beforehand who is free when, and a file that others wait for may need them on its node. */
function refuseGroups({ nodes }: Plan): void {
  const seen = new Map<string, string>();
  for (const { file, group } of nodes.flatMap(({ items }) => items)) {
    if (group === undefined) continue;
    const other = seen.get(group);
    if (other !== undefined && other !== file) throw groupUnsupported(group, [other, file]);
    seen.set(group, file);
  }
}

function groupUnsupported(group: string, files: readonly string[]): DistributedError {
  return new DistributedError({
    code: 'QUEUE_GROUP',
    message: `The files of group ${group}, such as ${files.join(' and ')}, must all run on one node, and the queue hands out files one by one.`,
    remedy:
      'Remove the group (the pragma in the files, or --group), or run without a database URL: a plan keeps groups on one node.',
  });
}

function byKey(tests: readonly JestTest[], fileOf: FileOf): Map<string, JestTest> {
  return new Map(tests.map((test) => [fileKey(fileOf(test) as TestFile), test]));
}

function runnerUnsupported(runner: string): DistributedError {
  return new DistributedError({
    code: 'QUEUE_RUNNER_UNSUPPORTED',
    message: `A Jest project of this run has the runner ${runner}, and a queue works only with jest-runner.`,
    remedy: 'Run that project separately, without a database URL: its share is then planned before the run.',
  });
}
