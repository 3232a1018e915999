/**
 * Sorting items by a number with ties by (second hash, key), so that the order of input never shows.
 *
 * A comparator on a million items takes about a second. Packed into one float64 each, value and item sort natively in a
 * tenth of that; only the ties that are left are compared.
 */
import type { Workload } from './workload';

type Ordered = Pick<Workload, 'keys' | 'secondHashes'>;

// value < 2^32 and item < 2^21 pack into 53 bits.
const mostValue = 2 ** 32;
const mostItems = 2 ** 21;
const shortRun = 12;

/** Sorts items in place, ascending by `values[item]`, ties by (second hash, key). Values are integers from 0. */
export function sortItems(items: Uint32Array, values: ArrayLike<number>, work: Ordered): void {
  let packable = work.keys.length <= mostItems;
  for (let at = 0; packable && at < items.length; at++) packable = (values[items[at] as number] as number) < mostValue;
  if (packable) sortPacked(items, values, work);
  else items.sort((one, other) => (values[one] as number) - (values[other] as number) || compareTied(work, one, other));
}

/** These items (or all of them), longest first, ties by (second hash, key). */
export function longestFirstOrder(
  work: Ordered & Pick<Workload, 'estimates' | 'longest'>,
  some?: readonly number[],
): Uint32Array {
  const items = some === undefined ? allItems(work.keys.length) : Uint32Array.from(some);
  if (items.length === 0) return items;
  sortItems(
    items,
    work.estimates.map((estimate) => work.longest - estimate),
    work,
  );
  return items;
}

/** The items of each node, ascending. */
export function placesByNode(nodeOf: ArrayLike<number>, nodes: number): Uint32Array[] {
  const ends = new Uint32Array(nodes + 1);
  for (let item = 0; item < nodeOf.length; item++) {
    const next = (nodeOf[item] as number) + 1;
    ends[next] = (ends[next] as number) + 1;
  }
  for (let node = 0; node < nodes; node++) ends[node + 1] = (ends[node + 1] as number) + (ends[node] as number);
  const items = new Uint32Array(nodeOf.length);
  const filled = ends.slice();
  for (let item = 0; item < nodeOf.length; item++) {
    const node = nodeOf[item] as number;
    const at = filled[node] as number;
    items[at] = item;
    filled[node] = at + 1;
  }
  return Array.from({ length: nodes }, (_, node) => items.subarray(ends[node], ends[node + 1]));
}

/** Items longest first, ties by number. */
export function longestFirstOf(items: Uint32Array, estimates: ArrayLike<number>): number[] {
  return [...items].sort((one, other) => (estimates[other] as number) - (estimates[one] as number) || one - other);
}

/** Every item once, ascending. */
export function allItems(length: number): Uint32Array {
  const all = new Uint32Array(length);
  for (let at = 0; at < length; at++) all[at] = at;
  return all;
}

/** Negative where `one` comes before `other` among items of equal value. */
export function compareTied({ keys, secondHashes }: Ordered, one: number, other: number): number {
  const byHash = (secondHashes[one] as number) - (secondHashes[other] as number);
  if (byHash !== 0) return byHash;
  const oneKey = keys[one] as string;
  const otherKey = keys[other] as string;
  return oneKey < otherKey ? -1 : oneKey > otherKey ? 1 : 0;
}

function sortPacked(items: Uint32Array, values: ArrayLike<number>, work: Ordered): void {
  packAndSort(items, values);
  forEachRun(items, values, (run) => {
    if (run.length <= shortRun) return sortShort(run, work);
    packAndSort(run, work.secondHashes);
    forEachRun(run, work.secondHashes, (tied) => sortShort(tied, work));
  });
}

function packAndSort(items: Uint32Array, values: ArrayLike<number>): void {
  const packed = new Float64Array(items.length);
  for (let at = 0; at < items.length; at++) {
    const item = items[at] as number;
    packed[at] = (values[item] as number) * mostItems + item;
  }
  packed.sort();
  for (let at = 0; at < items.length; at++) items[at] = (packed[at] as number) % mostItems;
}

/** Calls back with every stretch of two or more items of equal value. */
function forEachRun(items: Uint32Array, values: ArrayLike<number>, use: (run: Uint32Array) => void): void {
  let from = 0;
  for (let at = 1; at <= items.length; at++) {
    if (at < items.length && values[items[at] as number] === values[items[from] as number]) continue;
    if (at - from > 1) use(items.subarray(from, at));
    from = at;
  }
}

/** Insertion sort: a run is short, and equal second hashes are rarer still. */
function sortShort(items: Uint32Array, work: Ordered): void {
  for (let at = 1; at < items.length; at++) {
    const item = items[at] as number;
    let into = at;
    while (into > 0 && compareTied(work, item, items[into - 1] as number) < 0) {
      items[into] = items[into - 1] as number;
      into--;
    }
    items[into] = item;
  }
}
