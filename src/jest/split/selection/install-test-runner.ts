/**
 * Puts the selecting test runner before each project's own, from a sequencer alone.
 */
import type { FileSelection } from '../../../select/file-selection';
import type { SelectionEntry, Selections } from '../../../select/selection-lines';
import { copyContexts } from '../../host/copy-contexts';
import type { JestTest } from '../../host/jest-types';

const TEST_RUNNER = require.resolve('./test-runner');

export interface InstalledSelection<Test> {
  /** The tests given, in their order, with contexts whose `testRunner` is ours. */
  readonly tests: readonly Test[];
  /** For `writeSelectionFile`. */
  readonly selections: Selections;
}

const withOurTestRunner = copyContexts((context) =>
  context.config.testRunner === TEST_RUNNER
    ? context
    : { ...context, config: { ...context.config, testRunner: TEST_RUNNER } },
);

/**
 * Prepares a run in which files may be split.
 *
 * All tests are given our test runner and not only those with a selection: which files are split changes from run to
 * run, and a project config must not.
 *
 * @param selectionOf undefined for files that run whole.
 */
export function installSelection<Test extends JestTest>(
  tests: readonly Test[],
  selectionOf: (test: Test) => FileSelection | undefined,
): InstalledSelection<Test> {
  const testRunners: Record<string, string> = {};
  const entries: SelectionEntry[] = [];
  for (const test of tests) {
    const { id, testRunner } = test.context.config;
    if (testRunner !== TEST_RUNNER) testRunners[id] = testRunner;
    const selection = selectionOf(test);
    if (selection !== undefined) entries.push({ testPath: test.path, projectId: id, selection });
  }
  return {
    tests: tests.map((test) => withOurTestRunner(test)),
    selections: { testRunners, entries },
  };
}
