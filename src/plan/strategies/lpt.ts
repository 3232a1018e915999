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
  const free = freeWorkers(nodes * workers);
  for (const item of longestFirstOrder(work)) {
    // Worker w of all belongs to node w mod nodes, so that a tie goes to a node of its own before it doubles up.
    nodeOf[item] = free.take(estimates[item] as number) % nodes;
  }
  return { nodeOf, makespan: free.latest() };
}

/** A binary heap of workers by the time until which they are busy, then by number. */
function freeWorkers(count: number) {
  const heap = Uint32Array.from({ length: count }, (_, worker) => worker);
  const busy = new Float64Array(count);
  const before = (one: number, other: number): boolean =>
    (busy[one] as number) < (busy[other] as number) || (busy[one] === busy[other] && one < other);

  return {
    take(estimate: number): number {
      const worker = heap[0] as number;
      busy[worker] = (busy[worker] as number) + estimate;
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= count) break;
        if (child + 1 < count && before(heap[child + 1] as number, heap[child] as number)) child++;
        if (!before(heap[child] as number, worker)) break;
        heap[at] = heap[child] as number;
        at = child;
      }
      heap[at] = worker;
      return worker;
    },
    latest: (): number => busy.reduce((most, until) => Math.max(most, until), 0),
  };
}
