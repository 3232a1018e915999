/**
 * Longest processing time first (Graham, 1969): what most duration-aware sequencers do. Its makespan is nearly perfect,
 * and one added file moves more than half of all files. Here it is the yardstick that every plan is held against, and
 * what is fallen back on where nothing that moves less comes close.
 */
import { longestFirstOrder } from '../sort-items';
import { prepare, type Workload } from '../workload';
import type { Assignment, StrategyInput } from './strategy';

export interface LongestFirst {
  readonly nodeOf: Uint32Array;
  /** With `workers` items at a time on every node. */
  readonly makespan: number;
}

/** Each item, longest first, goes to the node that has a free worker first. */
export function longestFirst(input: StrategyInput): Pick<Assignment, 'nodeOf'> {
  return packLongestFirst(prepare(input));
}

/** The same for a prepared workload, with the makespan. */
export function packLongestFirst(work: Workload): LongestFirst {
  const { estimates, nodes, workers } = work;
  const nodeOf = new Uint32Array(estimates.length);
  const busy = new Float64Array(nodes * workers);
  for (const item of longestFirstOrder(work)) {
    let free = 0;
    for (let worker = 1; worker < busy.length; worker++) {
      if ((busy[worker] as number) < (busy[free] as number)) free = worker;
    }
    busy[free] = (busy[free] as number) + (estimates[item] as number);
    // Worker w of all belongs to node w mod nodes, so that a tie goes to a node of its own before it doubles up.
    nodeOf[item] = free % nodes;
  }
  return { nodeOf, makespan: busy.reduce((most, until) => Math.max(most, until), 0) };
}
