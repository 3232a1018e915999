/**
 * Which tests of one file a node runs: plain JSON, made where the plan is known and carried to Jest's workers.
 */
import type { TestFile } from '../plan/item';
import type { UnitKind } from './declared-test';

/** Every unit is hashed onto the ring; all nodes load the file, because only it knows its tests. */
export interface HashedSelection {
  readonly mode: UnitKind;
  readonly file: TestFile;
  readonly nodes: number;
  /** 1-based. */
  readonly node: number;
}

/** Units are given to nodes by name (hash-by `auto`); only nodes with a share, and the fallback node, load the file. */
export interface NamedSelection {
  readonly mode: 'named';
  readonly file: TestFile;
  /** What the names are names of. */
  readonly unit: UnitKind;
  /** Units of this node. */
  readonly mine: readonly string[];
  /** Units of all other nodes. `mine` and `elsewhere` together must be the same set on every node. */
  readonly elsewhere: readonly string[];
  /** Exactly one node of a split file is its fallback node: it runs every test that the plan gives to no node by name. */
  readonly fallback: boolean;
}

export type FileSelection = HashedSelection | NamedSelection;

export function unitKindOf(selection: FileSelection): UnitKind {
  return selection.mode === 'named' ? selection.unit : selection.mode;
}
