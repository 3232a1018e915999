/**
 * The acknowledgement that tests inside a file were selected, and the record of the whole list that the node saw, so
 * that merge can prove that all nodes saw the same.
 */
import { type DeclaredTest, reportedNameOf } from './declared-test';
import type { FileSelection } from './file-selection';
import type { Selected } from './select-tests';

export interface SplitRecord {
  readonly split: true;
  readonly mode: FileSelection['mode'];
  /** Who selected. */
  readonly by: 'test-runner' | 'setup';
  /** `fullName`s of all tests of the file in the order they were declared, repeats included. */
  readonly seen: readonly string[];
  /** Indices in `seen` of the tests that are this node's. */
  readonly mine: readonly number[];
  /** Tests of each node, node 1 first; null where only the plan knows. */
  readonly testsPerNode: readonly number[] | null;
  /** Indices in `seen` of the tests that have a result here, in the order of the results; null for any other test. */
  readonly ran?: readonly (number | null)[];
  /** No test has a result here: the one entry in `testResults` stands for nothing and is to be ignored. */
  readonly empty: boolean;
}

/** Title of the entry that stands for "nothing": Jest fails a file without any test result. */
export const EMPTY_TITLE = 'no test of this file is assigned to this node';

export function recordSplit(
  tests: readonly DeclaredTest[],
  selection: FileSelection,
  selected: Selected,
  by: SplitRecord['by'],
): SplitRecord {
  const mine = selected.mine.flatMap((isMine, index) => (isMine ? [index] : []));
  return {
    split: true,
    mode: selection.mode,
    by,
    seen: tests.map(reportedNameOf),
    mine,
    testsPerNode: selected.testsPerNode,
    empty: mine.length === 0,
  };
}
