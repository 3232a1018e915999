/**
 * Items and settings → the plan that every node of a run computes for itself.
 */
import { digestPlan, type PlanScope } from './digest';
import type { Item } from './item';
import { measure } from './measure';
import type { EstimateUnit, HashBy, Plan, PlannedItem } from './plan';
import { strategies } from './strategies';
import type { StrategyName } from './strategy';

export interface PlanInputs {
  /** In any order; keys are unique. */
  readonly items: readonly Item[];
  readonly unit: EstimateUnit;
  readonly nodes: number;
  readonly workers: number;
  /** Undefined: sticky where there is a previous assignment for this number of nodes, else bounded-ring. */
  readonly strategy: StrategyName | undefined;
  readonly hashBy: HashBy;
  readonly scope: PlanScope;
  /** Node (0-based) that each key had in the last assignment for this number of nodes. */
  readonly previous?: ReadonlyMap<string, number>;
}

const byKey = (one: Item, other: Item): number => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0);

/**
 * Assigns every item to exactly one node. A pure function: any order of items gives the same plan.
 *
 * @throws RangeError where keys repeat, or `sticky` is asked for without a previous assignment.
 */
export function makePlan(inputs: PlanInputs): Plan {
  const { unit, nodes, workers, hashBy, scope, previous } = inputs;
  const strategy = inputs.strategy ?? (previous === undefined ? 'bounded-ring' : 'sticky');
  const items = [...inputs.items].sort(byKey);
  const estimates = items.map(({ estimate }) => estimate);
  const { nodeOf, reasonOf } = strategies[strategy]({
    keys: items.map(({ key }) => key),
    estimates,
    nodes,
    workers,
    ...(previous !== undefined && { previous }),
  });
  const { loads, makespan, lowerBound, balance } = measure({ nodeOf, estimates, nodes, workers });

  const planned: PlannedItem[][] = Array.from({ length: nodes }, () => []);
  const longestFirst = items.map((_, index) => index);
  longestFirst.sort((one, other) => (estimates[other] as number) - (estimates[one] as number) || one - other);
  for (const index of longestFirst) {
    const { file, part, estimate } = items[index] as Item;
    const reason = reasonOf(index);
    planned[nodeOf[index] as number]?.push({
      file: file.path,
      project: file.project,
      part,
      estimateMs: estimate,
      reason,
    });
  }
  return {
    version: 1,
    strategy,
    hashBy,
    workers,
    unit,
    digest: digestPlan({ nodes, workers, strategy, hashBy, unit, scope, items, previous }),
    balance,
    makespanMs: makespan,
    lowerBoundMs: lowerBound,
    nodes: planned.map((own, index) => ({ node: index + 1, loadMs: loads[index] as number, items: own })),
  };
}
