import type { PlannedNode } from '../plan/plan';

/** Time a node takes when it runs `workers` items at a time, longest first, in the unit of the plan. */
export function timeOf(node: PlannedNode, workers: number): number {
  if (workers <= 1) return node.loadMs;
  const busyUntil = new Array<number>(workers).fill(0);
  for (const { estimateMs } of node.items) {
    const free = busyUntil.indexOf(Math.min(...busyUntil));
    busyUntil[free] = (busyUntil[free] ?? 0) + estimateMs;
  }
  return Math.max(...busyUntil);
}
