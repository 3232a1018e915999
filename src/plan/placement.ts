/**
 * Placing items along the ring under a cap on what a node may carry.
 *
 * After Mirrokni, Thorup and Zadimoghaddam, "Consistent Hashing with Bounded Loads" (2016), with two changes for items
 * of uneven weight: heavy items go first, longest first, because they are what makes packing hard; light items are
 * accepted in order of their distance to their home's point, so that an added item displaces few others.
 */
import { compareTied, sortItems } from './order';
import { pointsPerNode, type Ring } from './ring';
import type { Workload } from './workload';

export interface Limits {
  /** Time that a node may take. */
  readonly cap: number;
}

/** Heavier than this part of a fair share is heavy. */
const heavyPart = 20;
/** So many points are walked one by one; where none of their nodes fits, asking every node is cheaper. */
const patience = 64;

/** Node index (0-based) of each item, by the cap where that is possible, else by what comes closest. */
export function placeAlongRing(work: Workload, ring: Ring, { cap }: Limits): Uint32Array {
  const { estimates, hashes, nodes, workers, total } = work;
  const nodeOf = new Uint32Array(estimates.length);
  const heavy: number[] = [];
  const light: number[] = [];
  for (let item = 0; item < estimates.length; item++) {
    const isHeavy = (estimates[item] as number) * heavyPart * nodes * workers > total;
    (isHeavy ? heavy : light).push(item);
  }

  // Heavy items come longest first, so what a node's workers do is known exactly as items arrive.
  const busy = new Float64Array(nodes * workers);
  const freeWorker = (node: number): number => {
    let first = node * workers;
    for (let worker = first + 1; worker < (node + 1) * workers; worker++) {
      if ((busy[worker] as number) < (busy[first] as number)) first = worker;
    }
    return first;
  };
  const untilFree = (node: number): number => busy[freeWorker(node)] as number;
  heavy.sort(
    (one, other) => (estimates[other] as number) - (estimates[one] as number) || compareTied(work, one, other),
  );
  for (const item of heavy) {
    const estimate = estimates[item] as number;
    const position = ring.positionAt(hashes[item] as number);
    const node =
      firstClockwise(ring, position, (candidate) => untilFree(candidate) + estimate <= cap) ?? least(nodes, untilFree);
    nodeOf[item] = node;
    const worker = freeWorker(node);
    busy[worker] = (busy[worker] as number) + estimate;
  }

  // Light items fill the rest as a liquid would.
  const loads = new Float64Array(nodes);
  for (let worker = 0; worker < busy.length; worker++) {
    const node = Math.floor(worker / workers);
    loads[node] = (loads[node] as number) + (busy[worker] as number);
  }
  const room = cap * workers;
  const distances = new Float64Array(estimates.length);
  const homes = new Uint32Array(estimates.length);
  for (const item of light) {
    const hash = hashes[item] as number;
    const position = ring.positionAt(hash);
    homes[item] = ring.owners[position] as number;
    distances[item] = ((ring.points[position] as number) - hash) >>> 0;
  }
  const nearestFirst = Uint32Array.from(light);
  sortItems(nearestFirst, distances, work);
  const overflow: number[] = [];
  for (const item of nearestFirst) {
    const home = homes[item] as number;
    const load = (loads[home] as number) + (estimates[item] as number);
    if (load > room) overflow.push(item);
    else {
      loads[home] = load;
      nodeOf[item] = home;
    }
  }
  for (const item of overflow) {
    const estimate = estimates[item] as number;
    const position = ring.positionAt(hashes[item] as number);
    const node =
      firstClockwise(ring, position, (candidate) => (loads[candidate] as number) + estimate <= room) ??
      least(nodes, (candidate) => loads[candidate] as number);
    nodeOf[item] = node;
    loads[node] = (loads[node] as number) + estimate;
  }
  return nodeOf;
}

/** The first node clockwise from a position that fits, or undefined where none does. */
function firstClockwise(ring: Ring, from: number, fits: (node: number) => boolean): number | undefined {
  const size = ring.points.length;
  for (let step = 0, at = from; step < patience; step++) {
    const node = ring.owners[at] as number;
    if (fits(node)) return node;
    at = at + 1 === size ? 0 : at + 1;
  }
  let best: number | undefined;
  let fewest = size;
  for (let node = 0; node < ring.nodes; node++) {
    if (!fits(node)) continue;
    const steps = stepsTo(ring, node, from);
    if (steps < fewest) {
      best = node;
      fewest = steps;
    }
  }
  return best;
}

/** How many points a node's next point is away, clockwise. */
function stepsTo({ positions, points }: Ring, node: number, from: number): number {
  const first = node * pointsPerNode;
  let low = first;
  let high = first + pointsPerNode;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((positions[middle] as number) < from) low = middle + 1;
    else high = middle;
  }
  return low < first + pointsPerNode
    ? (positions[low] as number) - from
    : (positions[first] as number) + points.length - from;
}

function least(nodes: number, amountOf: (node: number) => number): number {
  let best = 0;
  for (let node = 1; node < nodes; node++) if (amountOf(node) < amountOf(best)) best = node;
  return best;
}
