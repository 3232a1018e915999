import { isMostlyHashed } from '../../plan/hashed';
import { listScheduleMakespan } from '../../plan/makespan';
import type { Plan, PlannedNode } from '../../plan/plan';

/** Time a node takes when it runs `workers` items at a time, longest first, in the unit of the plan. */
export function timeOf({ items }: PlannedNode, workers: number): number {
  return listScheduleMakespan(
    items.map(({ estimate }) => estimate),
    workers,
  );
}

/** Milliseconds a node is planned to take; null where the plan knows no durations, or not who has which tests. */
export function plannedMsOf({ unit, workers }: Plan, node: PlannedNode): number | null {
  return unit !== 'ms' || isMostlyHashed({ nodes: [node] }) ? null : timeOf(node, workers);
}
