/**
 * Selecting from a set-up file, in Jest's sandbox: for projects whose test runner cannot be replaced.
 *
 * An accessor on `hasStarted` of circus's state fires in `run_start`: all tests are declared, and no hook is computed
 * yet. Foreign tests are removed, because nobody can drop their results later; so their snapshots must be marked, and a
 * file that would be left empty (which Jest fails) gets one skipped test that says so.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DistributedError } from '../../../errors';
import type { FileSelection } from '../../../select/file-selection';
import { findEntries } from '../../../select/selection-lines';
import { EMPTY_TITLE } from '../../../select/split-record';
import { keepForeignSnapshots, selectOwn } from './apply-selection';
import { declaredTest, testsOf } from './circus-tree';
import type { CircusBlock, CircusState, CircusTest, JestExpect } from './circus-types';
import { readSelectionText } from './selection-file';
import { recordPath } from './selection-record';

/**
 * Arms the selection for the test file that is about to be loaded.
 *
 * @public `jest-distributed/setup` requires it, so that a file without a selection loads nothing.
 * @param selectionFile path from the environment.
 * @param expect the sandbox's own.
 * @throws DistributedError `SPLIT_NOT_POSSIBLE` where the file is split and this is not jest-circus, or where two
 * projects with one rootDir split the same file.
 */
export function selectInSandbox(selectionFile: string, expect: JestExpect): void {
  const sandbox = globalThis as unknown as Record<PropertyKey, unknown>;
  const { testPath } = expect.getState();
  if (testPath === undefined) return;
  const entries = findEntries(readSelectionText(selectionFile), testPath);
  const [entry] = entries;
  if (entry === undefined) return;
  if (entries.length > 1) throw ambiguous(testPath);
  const state = findCircusState(sandbox);
  if (state === undefined) throw notCircus(testPath);
  // Captured now: a test file may replace what these modules export.
  const write = writerOf(recordPath(selectionFile, entry.projectId, testPath));
  beforeStart(state, () => write(select(state, entry, expect)));
}

/** Circus keeps its state under a symbol that Jest 29 and 30 do not share, but its description is the same. */
function findCircusState(sandbox: Record<PropertyKey, unknown>): CircusState | undefined {
  const states = Object.getOwnPropertySymbols(sandbox)
    .filter(({ description }) => description === 'JEST_STATE_SYMBOL')
    .map((symbol) => sandbox[symbol] as CircusState & { readonly parentProcess?: unknown });
  // Only the instance of circus that runs this file was set up with the parent process.
  return states.find((state) => state?.parentProcess) ?? undefined;
}

function beforeStart(state: CircusState, act: () => void): void {
  let hasStarted = state.hasStarted;
  Object.defineProperty(state, 'hasStarted', {
    configurable: true,
    enumerable: true,
    get: () => hasStarted,
    set: (value: boolean) => {
      const isStart = value && !hasStarted;
      hasStarted = value;
      if (isStart) act();
    },
  });
}

function select(state: CircusState, { selection }: { selection: FileSelection }, expect: JestExpect): unknown {
  const root = state.rootDescribeBlock;
  const tests = testsOf(root);
  const declared = tests.map(declaredTest);
  const { mine, foreignNames, record } = selectOwn(declared, selection, 'setup');
  const foreign = tests.filter((_, index) => !mine[index]);
  keepForeignSnapshots(expect.getState().snapshotState, declared, foreignNames);
  const [first] = foreign;
  const removed = new Set(foreign);
  for (const block of new Set(foreign.map(({ parent }) => parent))) removeTests(block, removed);
  if (record.empty && first !== undefined) addEmptyTest(root, first);
  return record;
}

function removeTests(block: CircusBlock, removed: ReadonlySet<unknown>): void {
  for (const list of [block.children, block.tests] as unknown[][]) {
    list.splice(0, list.length, ...list.filter((child) => !removed.has(child)));
  }
}

function addEmptyTest(root: CircusBlock, like: CircusTest): void {
  root.children.push({ ...like, name: EMPTY_TITLE, mode: 'skip', parent: root });
}

function writerOf(file: string): (record: unknown) => void {
  const directory = path.dirname(file);
  const write = { mkdirSync, writeFileSync };
  return (record) => {
    write.mkdirSync(directory, { recursive: true });
    write.writeFileSync(file, JSON.stringify(record));
  };
}

function notCircus(testPath: string): DistributedError {
  return new DistributedError({
    code: 'SPLIT_NOT_POSSIBLE',
    message: `${testPath} is split over nodes, but it is not run by jest-circus, and jest-distributed/setup supports no other.`,
    remedy: 'Run Jest with --testSequencer=jest-distributed, which also splits jest-jasmine2, or with --hash-by file.',
  });
}

function ambiguous(testPath: string): DistributedError {
  return new DistributedError({
    code: 'SPLIT_NOT_POSSIBLE',
    message: `${testPath} belongs to more than one Jest project, and jest-distributed/setup cannot know which one runs it.`,
    remedy: 'Leave jest-distributed/setup out of setupFilesAfterEnv: the sequencer selects tests by itself.',
  });
}
