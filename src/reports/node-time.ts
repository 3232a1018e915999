import { listTime } from '../plan/measure';
import type { PlannedNode } from '../plan/plan';

/** Time a node takes when it runs `workers` items at a time, longest first, in the unit of the plan. */
export function timeOf({ items }: PlannedNode, workers: number): number {
  return listTime(
    items.map(({ estimateMs }) => estimateMs),
    workers,
  );
}
