/**
 * `sticky`: items stay where the previous assignment had them. Balanced within 4 in a thousand, and an added file
 * moves next to nothing.
 */

import { measure } from '../makespan';
import { longestFirstOrder } from '../sort-items';
import { lift, prepare, type Workload } from '../workload';
import { rebalance } from './local-search';
import { packLongestFirst } from './lpt';
import { relabel } from './match-bins';
import type { Assignment, StrategyInput } from './strategy';

// Promised is a mean of 1.005.
const targetThousandths = 4;
const yardstickThousandths = 10;

/**
 * Keeps every item where it was, gives new ones, longest first, to the least loaded node, and then moves as little as
 * brings the makespan under 1.004 times the lower bound, or to what longest-first packing reaches where that is more.
 *
 * @throws RangeError without a previous assignment: whoever chooses the strategy knows whether there is one, and says
 * so when another is used instead.
 */
export function sticky(input: StrategyInput): Assignment {
  const { previous } = input;
  if (previous === undefined) throw new RangeError('The sticky strategy needs a previous assignment.');
  const work = prepare(input);
  const before = Uint32Array.from(work.keys, (key) => knownNode(previous.get(key), work.nodes));
  const nodeOf = settle(work, before);
  return {
    nodeOf,
    reasonOf: (index) => {
      if (before[index] === work.nodes) return 'new';
      return before[index] === nodeOf[index] ? 'sticky' : 'rebalanced';
    },
  };
}

/** The node, or `nodes` where the item has none: unknown, or of an assignment for more nodes. */
function knownNode(node: number | undefined, nodes: number): number {
  return node !== undefined && Number.isInteger(node) && node >= 0 && node < nodes ? node : nodes;
}

function settle(work: Workload, before: Uint32Array): Uint32Array {
  const nodeOf = before.slice();
  placeNew(work, nodeOf);
  const wanted = lift(work.lowerBound, targetThousandths);
  // The usual case, and no yardstick would change it: longest-first cannot be shorter than the lower bound.
  if (measure({ ...work, nodeOf }).makespan <= wanted) return nodeOf;
  const yardstick = packLongestFirst(work);
  const reached = rebalance(work, nodeOf, Math.max(wanted, yardstick.makespan));
  if (reached <= wanted) return nodeOf;
  return reached <= lift(yardstick.makespan, yardstickThousandths) ? nodeOf : relabel(work, yardstick.nodeOf, before);
}

function placeNew(work: Workload, nodeOf: Uint32Array): void {
  const { estimates, nodes } = work;
  const loads = new Float64Array(nodes);
  const added: number[] = [];
  for (let item = 0; item < nodeOf.length; item++) {
    const node = nodeOf[item] as number;
    if (node < nodes) loads[node] = (loads[node] as number) + (estimates[item] as number);
    else added.push(item);
  }
  for (const item of longestFirstOrder(work, added)) {
    let least = 0;
    for (let node = 1; node < nodes; node++) if ((loads[node] as number) < (loads[least] as number)) least = node;
    nodeOf[item] = least;
    loads[least] = (loads[least] as number) + (estimates[item] as number);
  }
}
