/**
 * Placing items along the ring under a cap on what a node may carry.
 *
 * After Mirrokni, Thorup and Zadimoghaddam, "Consistent Hashing with Bounded Loads" (2016), with two changes for items
 * of uneven weight: large items go first, longest first, because they are what makes packing hard; small items are
 * accepted in order of their distance to their home's point, so that an added item displaces few others.
 */

import { compareTied, sortItems } from '../sort-items';
import type { Workload } from '../workload';
import type { Ring } from './ring';
import { firstClockwise } from './ring-successor';

/**
 * Above a tenth of a fair share an item is large. A twentieth and a fortieth were measured too: no better on the next
 * run's durations, and half as much again moves.
 */
const largePart = 10;
/**
 * While large items are placed, no node runs ahead of the average by more than this part of a fair share. Without it
 * some nodes get only large items and others only small ones, and an error in common (small files slower than they
 * were, say) then hits whole nodes: on the next run's durations 1.14 times the lower bound instead of 1.17.
 */
const aheadPart = 20;

/**
 * Assigns every item: under the cap where that can be, else to what is least loaded.
 *
 * @param cap Time that a node may take, at least `work.lowerBound`.
 * @returns Node index (0-based) of each item.
 */
export function placeAlongRing(work: Workload, ring: Ring, cap: number): Uint32Array {
  const { estimates, nodes, workers, total } = work;
  const mostSmall = Math.floor(total / (nodes * workers * largePart));
  const large: number[] = [];
  const small: number[] = [];
  for (let item = 0; item < estimates.length; item++) {
    ((estimates[item] as number) > mostSmall ? large : small).push(item);
  }
  const nodeOf = new Uint32Array(estimates.length);
  const loads = placeLarge(work, ring, cap, large, nodeOf);
  placeSmall(work, ring, cap, small, nodeOf, loads);
  return nodeOf;
}

/** Longest first, so what each worker of a node does is known as items arrive. Returns the loads of the nodes. */
function placeLarge(work: Workload, ring: Ring, cap: number, large: number[], nodeOf: Uint32Array): Float64Array {
  const { estimates, hashes, nodes, workers, total } = work;
  large.sort(
    (one, other) => (estimates[other] as number) - (estimates[one] as number) || compareTied(work, one, other),
  );
  const loads = new Float64Array(nodes);
  const busy = new Float64Array(nodes * workers);
  const freeWorker = (node: number): number => {
    let first = node * workers;
    for (let worker = first + 1; worker < (node + 1) * workers; worker++) {
      if ((busy[worker] as number) < (busy[first] as number)) first = worker;
    }
    return first;
  };
  const untilFree = (node: number): number => busy[freeWorker(node)] as number;
  let placed = 0;
  for (const item of large) {
    const estimate = estimates[item] as number;
    placed += estimate;
    const ahead = Math.floor((placed + Math.floor(total / aheadPart)) / busy.length);
    const latest = cap - estimate;
    const position = ring.positionAt(hashes[item] as number);
    const node =
      firstClockwise(ring, position, (candidate) => untilFree(candidate) <= Math.min(ahead, latest)) ??
      firstClockwise(ring, position, (candidate) => untilFree(candidate) <= latest) ??
      least(nodes, untilFree);
    nodeOf[item] = node;
    loads[node] = (loads[node] as number) + estimate;
    const worker = freeWorker(node);
    busy[worker] = (busy[worker] as number) + estimate;
  }
  return loads;
}

/** Light items fill what is left as a liquid would: home first, nearest first; then what found no room there. */
function placeSmall(
  work: Workload,
  ring: Ring,
  cap: number,
  small: readonly number[],
  nodeOf: Uint32Array,
  loads: Float64Array,
): void {
  const { estimates, hashes, nodes, workers } = work;
  const room = cap * workers;
  const distances = new Float64Array(estimates.length);
  const positions = new Uint32Array(estimates.length);
  const nearestFirst = new Uint32Array(small.length);
  for (let at = 0; at < small.length; at++) {
    const item = small[at] as number;
    const hash = hashes[item] as number;
    const position = ring.positionAt(hash);
    nearestFirst[at] = item;
    positions[item] = position;
    // Unsigned, because the way from the last point leads past zero to the first.
    distances[item] = ((ring.points[position] as number) - hash) >>> 0;
  }
  sortItems(nearestFirst, distances, work);
  const overflow: number[] = [];
  for (let at = 0; at < nearestFirst.length; at++) {
    const item = nearestFirst[at] as number;
    const home = ring.owners[positions[item] as number] as number;
    const load = (loads[home] as number) + (estimates[item] as number);
    if (load > room) {
      overflow.push(item);
      continue;
    }
    loads[home] = load;
    nodeOf[item] = home;
  }
  for (const item of overflow) {
    const estimate = estimates[item] as number;
    const position = positions[item] as number;
    const node =
      firstClockwise(ring, position, (candidate) => (loads[candidate] as number) + estimate <= room) ??
      least(nodes, (candidate) => loads[candidate] as number);
    nodeOf[item] = node;
    loads[node] = (loads[node] as number) + estimate;
  }
}

function least(nodes: number, amountOf: (node: number) => number): number {
  let best = 0;
  for (let node = 1; node < nodes; node++) if (amountOf(node) < amountOf(best)) best = node;
  return best;
}
