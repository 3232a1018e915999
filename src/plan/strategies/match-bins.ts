/**
 * Taking over another packing's groups of items while keeping as much as possible where it was.
 */
import type { Workload } from '../workload';

/**
 * Gives each group of `groupOf` the node with which it shares most, in estimates, largest overlap first.
 *
 * @param groupOf A packing into `work.nodes` groups: same groups, any names.
 * @param wanted Node (0-based) where each item should rather be; `work.nodes` or more where it does not matter.
 * @returns The same packing with its groups renamed to nodes.
 */
export function relabel({ estimates, nodes }: Workload, groupOf: Uint32Array, wanted: ArrayLike<number>): Uint32Array {
  const overlaps = new Map<number, number>();
  for (let item = 0; item < groupOf.length; item++) {
    const node = wanted[item] as number;
    if (node >= nodes) continue;
    const pair = (groupOf[item] as number) * nodes + node;
    overlaps.set(pair, (overlaps.get(pair) ?? 0) + (estimates[item] as number));
  }
  const largestFirst = [...overlaps].sort(([one, much], [other, less]) => less - much || one - other);
  const nodeOfGroup = new Int32Array(nodes).fill(-1);
  const isTaken = new Uint8Array(nodes);
  for (const [pair] of largestFirst) {
    const group = Math.floor(pair / nodes);
    const node = pair % nodes;
    if (nodeOfGroup[group] !== -1 || isTaken[node] === 1) continue;
    nodeOfGroup[group] = node;
    isTaken[node] = 1;
  }
  let free = 0;
  for (let group = 0; group < nodes; group++) {
    if (nodeOfGroup[group] !== -1) continue;
    while (isTaken[free] === 1) free++;
    nodeOfGroup[group] = free++;
  }
  return groupOf.map((group) => nodeOfGroup[group] as number);
}
