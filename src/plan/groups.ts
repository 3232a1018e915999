/**
 * What a strategy places: single items, and groups of files as one, with the sum of their estimates.
 */
import { fileKey, type Item } from './item';

export interface Placeable {
  readonly key: string;
  readonly estimate: number;
  /** Places in the list of items; more than one for a group. */
  readonly members: readonly number[];
}

/** The key of a group. No file has an empty path, so it is no file's key. */
function groupKey(name: string): string {
  return fileKey({ project: null, path: '' }, name);
}

/** Bundles the items that a strategy may place; those that are pinned to a node are left out. */
export function bundleGroups(items: readonly Item[]): Placeable[] {
  const placeables: Placeable[] = [];
  const groups = new Map<string, number[]>();
  items.forEach(({ key, estimate, group, pinnedTo }, index) => {
    if (pinnedTo != null) return;
    if (group == null) {
      placeables.push({ key, estimate, members: [index] });
      return;
    }
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [index]);
    else members.push(index);
  });
  for (const [name, members] of groups) {
    const estimate = members.reduce((sum, index) => sum + (items[index] as Item).estimate, 0);
    placeables.push({ key: groupKey(name), estimate, members });
  }
  return placeables;
}

/**
 * The last assignment in terms of what is placed now: a group was where most of it was, by estimate; of equals, on the
 * lowest node.
 */
export function previousOfGroups(
  placeables: readonly Placeable[],
  items: readonly Item[],
  previous: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const groups = placeables.filter(
    ({ members, key }) => members.length > 1 || items[members[0] as number]?.key !== key,
  );
  if (groups.length === 0) return previous;
  const known = new Map(previous);
  for (const { key, members } of groups) {
    const loads = new Map<number, number>();
    for (const index of members) {
      const item = items[index] as Item;
      const node = previous.get(item.key);
      if (node !== undefined) loads.set(node, (loads.get(node) ?? 0) + item.estimate);
    }
    const [most] = [...loads].sort(([node, load], [other, otherLoad]) => otherLoad - load || node - other);
    if (most !== undefined) known.set(key, most[0]);
  }
  return known;
}
