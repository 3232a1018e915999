/**
 * The step both front ends share: from the declared tests of a file to those of this node.
 */
import { type DeclaredTest, fullNameOf } from '../../../select/declared-test';
import type { FileSelection } from '../../../select/file-selection';
import { selectTests } from '../../../select/select-tests';
import { foreignSnapshots } from '../../../select/snapshots';
import { recordSplit, type SplitRecord } from '../../../select/split-record';
import type { SnapshotState } from './circus-types';
import { portableNames } from './portable-names';

export interface SelectionOutcome {
  /** In the order of the tests given. */
  readonly mine: readonly boolean[];
  /** Full names of the tests that run elsewhere, as Jest has them here. */
  readonly foreignNames: ReadonlySet<string>;
  readonly record: SplitRecord;
}

export function selectOwn(
  tests: readonly DeclaredTest[],
  selection: FileSelection,
  by: SplitRecord['by'],
): SelectionOutcome {
  const toPortableName = portableNames();
  const named = tests.map(({ titles }) => ({ titles: titles.map(toPortableName) }));
  const selected = selectTests(named, selection);
  const foreignNames = new Set(tests.filter((_, index) => !selected.mine[index]).map(fullNameOf));
  return { mine: selected.mine, foreignNames, record: recordSplit(named, selection, selected, by) };
}

/** Keeps Jest from calling other nodes' snapshots obsolete, and `-u` from deleting them. */
export function keepForeignSnapshots(
  snapshots: SnapshotState | undefined,
  tests: readonly DeclaredTest[],
  foreignNames: ReadonlySet<string>,
): void {
  if (snapshots === undefined || foreignNames.size === 0) return;
  const names = new Set(tests.map(fullNameOf));
  for (const name of foreignSnapshots(snapshots.getUncheckedKeys(), names, foreignNames)) {
    snapshots.markSnapshotsAsCheckedForTest(name);
  }
}
