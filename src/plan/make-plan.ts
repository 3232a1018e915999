/**
 * Items and settings → the plan that every node of a run computes for itself.
 */
import { digestPlan, type PlanScope } from './digest';
import { bundleGroups, previousOfGroups } from './groups';
import type { Item } from './item';
import { measure } from './makespan';
import type { EstimateUnit, HashBy, Plan, PlannedItem } from './plan';
import { longestFirstOf, placesByNode } from './sort-items';
import { strategies } from './strategies/strategies';
import type { PlacementReason, StrategyName } from './strategies/strategy';

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

/** By code units, and as plain strings: a comparator takes three times as long. */
function sortByKey(items: readonly Item[]): readonly Item[] {
  const byKey = new Map<string, Item>();
  for (const item of items) byKey.set(item.key, item);
  // Repeated keys are for the strategy to refuse.
  if (byKey.size < items.length) return [...items].sort((one, other) => (one.key < other.key ? -1 : 1));
  return [...byKey.keys()].sort().map((key) => byKey.get(key) as Item);
}

/**
 * Assigns every item to exactly one node. A pure function: any order of items gives the same plan.
 *
 * @throws RangeError where keys repeat, or `sticky` is asked for without a previous assignment.
 */
export function makePlan(inputs: PlanInputs): Plan {
  const { unit, nodes, workers, hashBy, scope, previous } = inputs;
  const strategy = inputs.strategy ?? (previous === undefined ? 'bounded-ring' : 'sticky');
  const items = sortByKey(inputs.items);
  const estimates = items.map(({ estimate }) => estimate);
  const { nodeOf, reasonOf } = place(items, strategy, { nodes, workers, previous });
  const { loads, makespan, lowerBound, balance } = measure({ nodeOf, estimates, nodes, workers });

  const planned = (index: number) => plannedItem(items[index] as Item, reasonOf(index));
  const byNode = placesByNode(nodeOf, nodes);
  return {
    version: 1,
    strategy,
    hashBy,
    workers,
    unit,
    digest: digestPlan({ nodes, workers, strategy, hashBy, unit, scope, items, previous }),
    balance,
    makespan: makespan,
    lowerBound: lowerBound,
    nodes: byNode.map((own, index) => ({
      node: index + 1,
      load: loads[index] as number,
      items: longestFirstOf(own, estimates).map(planned),
    })),
  };
}

function plannedItem({ file, part, estimate, content, group }: Item, reason: PlacementReason): PlannedItem {
  const planned = { file: file.path, project: file.project, part, estimate: estimate, reason };
  return content == null && group == null
    ? planned
    : { ...planned, ...(content != null && { content }), ...(group != null && { group }) };
}

interface Places {
  /** Node (0-based) of each item. */
  readonly nodeOf: ArrayLike<number>;
  readonly reasonOf: (index: number) => PlacementReason;
}

/**
 * Lets the strategy place what it may. Pinned items are the parts of files that every node loads, one a node and of one
 * estimate each, so leaving them out of its sight does not change what is even.
 */
function place(
  items: readonly Item[],
  strategy: StrategyName,
  { nodes, workers, previous }: Pick<PlanInputs, 'nodes' | 'workers'> & { readonly previous: PlanInputs['previous'] },
): Places {
  if (items.every(({ group, pinnedTo }) => group == null && pinnedTo == null)) {
    const keys = items.map(({ key }) => key);
    const estimates = items.map(({ estimate }) => estimate);
    return strategies[strategy]({ keys, estimates, nodes, workers, ...(previous && { previous }) });
  }
  const placeables = bundleGroups(items);
  const assignment = strategies[strategy]({
    keys: placeables.map(({ key }) => key),
    estimates: placeables.map(({ estimate }) => estimate),
    nodes,
    workers,
    ...(previous !== undefined && { previous: previousOfGroups(placeables, items, previous) }),
  });
  const nodeOf = Uint32Array.from(items, ({ pinnedTo }) => pinnedTo ?? 0);
  const placeOf = new Int32Array(items.length).fill(-1);
  placeables.forEach(({ members }, index) => {
    for (const member of members) {
      nodeOf[member] = assignment.nodeOf[index] as number;
      placeOf[member] = index;
    }
  });
  const reasonOf = (index: number): PlacementReason => {
    const place = placeOf[index] as number;
    return place < 0 ? 'home' : assignment.reasonOf(place);
  };
  return { nodeOf, reasonOf };
}
