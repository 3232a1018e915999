/**
 * Sorting items by a number with ties by (second hash, key), so that the order of input never shows.
 */
import type { Workload } from './workload';

type Ordered = Pick<Workload, 'keys' | 'secondHashes'>;

/** Sorts items in place, ascending by `values[item]`, ties by (second hash, key). */
export function sortItems(items: Uint32Array, values: ArrayLike<number>, work: Ordered): void {
  items.sort((one, other) => (values[one] as number) - (values[other] as number) || compareTied(work, one, other));
}

/** These items (or all of them), longest first, ties by (second hash, key). */
export function longestFirstOrder(work: Ordered & Pick<Workload, 'estimates'>, some?: readonly number[]): Uint32Array {
  const items = some === undefined ? allItems(work.keys.length) : Uint32Array.from(some);
  return items.sort(
    (one, other) =>
      (work.estimates[other] as number) - (work.estimates[one] as number) || compareTied(work, one, other),
  );
}

/** The items of each node, ascending. */
export function placesByNode(nodeOf: ArrayLike<number>, nodes: number): number[][] {
  const own: number[][] = Array.from({ length: nodes }, () => []);
  for (let item = 0; item < nodeOf.length; item++) own[nodeOf[item] as number]?.push(item);
  return own;
}

/** Items longest first, ties by number. */
export function longestFirstOf(items: readonly number[], estimates: ArrayLike<number>): number[] {
  return [...items].sort((one, other) => (estimates[other] as number) - (estimates[one] as number) || one - other);
}

/** Every item once, ascending. */
export function allItems(length: number): Uint32Array {
  return Uint32Array.from({ length }, (_, item) => item);
}

/** Negative where `one` comes before `other` among items of equal value. */
export function compareTied({ keys, secondHashes }: Ordered, one: number, other: number): number {
  const byHash = (secondHashes[one] as number) - (secondHashes[other] as number);
  if (byHash !== 0) return byHash;
  const oneKey = keys[one] as string;
  const otherKey = keys[other] as string;
  return oneKey < otherKey ? -1 : oneKey > otherKey ? 1 : 0;
}
