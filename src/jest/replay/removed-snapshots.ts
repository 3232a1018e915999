/**
 * A reporter before all others of a merge: snapshot files that the nodes removed with `-u` are counted as removed.
 *
 * Jest counts them by removing them, and a merge removes nothing. Reporters share one object of totals, and Jest asks
 * nobody else between that count and the summary.
 */

import { toLocal } from '../../blob/portable-paths';
import { type Folders, findFolders } from '../../files/folders';
import type { JestGlobalConfig } from '../host/jest-types';
import { readReplay } from './replay-source';

interface SnapshotTotals {
  readonly snapshot: { filesRemoved: number; filesRemovedList?: readonly string[] };
}

class RemovedSnapshotsReporter {
  readonly #folders: Folders;

  constructor({ rootDir }: JestGlobalConfig) {
    this.#folders = findFolders(rootDir);
  }

  onRunComplete(_contexts: unknown, { snapshot }: SnapshotTotals): void {
    const { rootDir, repositoryDir } = this.#folders;
    const { removedSnapshotFiles } = readReplay();
    const local = toLocal(rootDir, repositoryDir)(JSON.stringify(removedSnapshotFiles));
    const removed = JSON.parse(local) as string[];
    snapshot.filesRemoved += removed.length;
    snapshot.filesRemovedList = [...(snapshot.filesRemovedList ?? []), ...removed];
  }
}

export default RemovedSnapshotsReporter;
