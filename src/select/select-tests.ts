/**
 * Which tests of a file are this node's.
 *
 * All nodes that load the file decide from the same list, so every test is taken by exactly one of them.
 */
import { fileKey } from '../plan/item';
import type { DeclaredTest } from './declared-test';
import { type FileSelection, type HashedSelection, type NamedSelection, unitKindOf } from './file-selection';
import { homeOf } from './home';
import { groupUnits } from './same-name-groups';

export interface Selected {
  /** In the order of the tests given: this node runs it. */
  readonly mine: readonly boolean[];
  /** Tests of each node, node 1 first; null where only the plan knows. */
  readonly testsPerNode: readonly number[] | null;
}

/**
 * Selects.
 *
 * @param tests what the file declares, repeats included; in any order, as long as every node sees the same multiset.
 */
export function selectTests(tests: readonly DeclaredTest[], selection: FileSelection): Selected {
  const groups = groupUnits(tests, unitKindOf(selection));
  return selection.mode === 'named' ? byName(groups, selection) : byHash(groups, selection);
}

type Groups = readonly (readonly string[])[];

function byHash(groups: Groups, { file, nodes, node }: HashedSelection): Selected {
  const homes = new Map<readonly string[], number>();
  const testsPerNode = new Array<number>(nodes).fill(0);
  const mine = groups.map((group) => {
    let home = homes.get(group);
    if (home === undefined) {
      // The first of the sorted names speaks for the group, whatever order the file declares them in.
      home = homeOf(fileKey(file, group[0] as string), nodes);
      homes.set(group, home);
    }
    testsPerNode[home] = (testsPerNode[home] as number) + 1;
    return home === node - 1;
  });
  return { mine, testsPerNode };
}

function byName(groups: Groups, { mine, elsewhere, fallback }: NamedSelection): Selected {
  const own = new Set(mine);
  const foreign = new Set(elsewhere);
  const isMine = (group: readonly string[]): boolean => {
    const named = group.find((unit) => own.has(unit) || foreign.has(unit));
    return named === undefined ? fallback : own.has(named);
  };
  return { mine: groups.map(isMine), testsPerNode: null };
}
