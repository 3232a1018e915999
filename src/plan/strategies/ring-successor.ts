/** Looking along the ring for a node that can take something. */
import { pointsPerNode, type Ring } from './ring';

// So many points are walked one by one; where none of their nodes fits, asking every node once is cheaper.
const linearScanLimit = 64;

/**
 * The first node clockwise from a position whose node fits, or undefined where none does.
 *
 * Walking on costs up to 160 points a node when nearly all are full, so after a while the nodes that fit are asked
 * where their next point is; the answer is the same.
 */
export function firstClockwise(ring: Ring, from: number, fits: (node: number) => boolean): number | undefined {
  const size = ring.points.length;
  for (let step = 0, at = from; step < linearScanLimit; step++) {
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
  const end = first + pointsPerNode;
  let low = first;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((positions[middle] as number) < from) low = middle + 1;
    else high = middle;
  }
  return low < end ? (positions[low] as number) - from : (positions[first] as number) + points.length - from;
}
