/**
 * Puts a plan's splits in place for one run of Jest: the selecting test runner, the runner that shares files among
 * workers, and the file that both read.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DistributedError } from '../../errors';
import type { Folders } from '../../files/folders';
import { fileKey, type TestFile } from '../../plan/item';
import type { Plan } from '../../plan/plan';
import { type PlannedSelection, planSelections } from '../../select/planned-selection';
import type { Selections } from '../../select/selection-lines';
import { setForWorkers } from '../channels/environment';
import { copyContexts } from '../host/copy-contexts';
import type { JestAggregatedResult, JestTest } from '../host/jest-types';
import { isStockRunner, RUNNER } from '../host/runner-paths';
import type { Splitting } from '../planning/run-state';
import { installSelection } from './selection/install-test-runner';
import { announceCheckout } from './selection/portable-names';
import { writeSelectionFile } from './selection/selection-file';
import { readSplitRecord } from './selection/selection-record';

export interface Splits {
  /** By key of the file. */
  readonly files: ReadonlyMap<string, PlannedSelection>;
  /** Test runner and runner are ours even if no file of this share is split: the user's cache must stay the same. */
  readonly isInstalled: boolean;
  readonly sharesLocally: boolean;
}

/** What a plan splits for one node. @param node 1-based. */
export function findSplits(plan: Plan, node: number, splitLocal: boolean): Splits {
  const files = planSelections(plan, node);
  const isFiner = plan.hashBy !== 'file';
  return { files, isInstalled: isFiner || files.size > 0, sharesLocally: isFiner && splitLocal };
}

let folder: string | undefined;

/** A folder for each run, because workers and sandboxes read a path once; gone when the process is. */
function newFolder(): string {
  if (folder === undefined) process.on('exit', removeFolder);
  removeFolder();
  folder = mkdtempSync(path.join(tmpdir(), 'jest-distributed-'));
  return folder;
}

function removeFolder(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}

/** For runs without splits after one with them, in watch mode. */
export function removeSplits(): void {
  setForWorkers('SELECTION', undefined);
}

export interface PlacedSplits {
  readonly tests: readonly JestTest[];
  readonly splitting: Splitting;
}

/**
 * Prepares the tests of a share.
 *
 * @param tests in the order in which they are to start.
 */
export function placeSplits(
  tests: readonly JestTest[],
  splits: Splits,
  fileOf: (test: JestTest) => TestFile | undefined,
  folders: Folders,
): PlacedSplits {
  const splitOf = (file: TestFile | undefined) => (file === undefined ? undefined : splits.files.get(fileKey(file)));
  const placed = installSelection(tests, (test) => splitOf(fileOf(test))?.selection);
  const selectionFile = placeSelections(placed.selections, folders);
  const slicesOf = (file: TestFile) => (splits.sharesLocally ? (splitOf(file)?.slices ?? []) : []);
  return {
    tests: placed.tests.map((test) => withOurRunner(test)),
    splitting: { selectionFile, files: splits.files, slicesOf },
  };
}

/** Writes for the workers what to select. @returns the path of that file. */
export function placeSelections(selections: Selections, folders: Folders): string {
  announceCheckout(folders);
  const selectionFile = path.join(newFolder(), 'selection');
  writeSelectionFile(selectionFile, selections);
  setForWorkers('SELECTION', selectionFile);
  return selectionFile;
}

/**
 * Our runner shares heavy files among workers, and hides files of which no test is this node's. A project's own stays:
 * nobody knows what it does with a list of tests.
 */
const withOurRunner = copyContexts((context) =>
  isStockRunner(context.config.runner) ? { ...context, config: { ...context.config, runner: RUNNER } } : context,
);

/**
 * Refuses results of split files in which nobody selected: such a file ran whole here, as on every other node.
 *
 * Our test runner notices that by itself. A project's own `runner` may never call it, and this is the last chance.
 *
 * @throws DistributedError `SPLIT_NOT_APPLIED`.
 */
export function checkSplits(
  tests: readonly JestTest[],
  results: JestAggregatedResult,
  { selectionFile, files }: Splitting,
  fileOf: (test: JestTest) => TestFile | undefined,
): void {
  const isSplit = (test: JestTest) => {
    const file = fileOf(test);
    return file !== undefined && files.has(fileKey(file));
  };
  for (const test of tests.filter(isSplit)) {
    // A result names no project: of those with this path, as many as are whole need no record.
    const whole = tests.filter((other) => other.path === test.path && !isSplit(other)).length;
    const silent = results.testResults.filter(
      (result) =>
        result.testFilePath === test.path &&
        !result.testExecError &&
        readSplitRecord(result, test, selectionFile) === undefined,
    );
    if (silent.length > whole) throw notSelected(test);
  }
}

function notSelected({ path: testPath, context: { config } }: JestTest): DistributedError {
  return new DistributedError({
    code: 'SPLIT_NOT_APPLIED',
    message: `${testPath} is split over nodes, but the runner ${config.runner} did not run it by the test runner that selects tests, so all of its tests ran here.`,
    remedy:
      'Keep files of this project whole: with --hash-by file, or with --whole and a glob, or with "@jest-distributed whole" in the file.',
  });
}
