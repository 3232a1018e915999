/**
 * How good an assignment is: loads, makespan, lower bound, balance.
 */
import { longestFirstOf, placesByNode } from './sort-items';

export interface Measured {
  /** Node index (0-based) of each item. */
  readonly nodeOf: ArrayLike<number>;
  readonly estimates: ArrayLike<number>;
  readonly nodes: number;
  readonly workers: number;
}

export interface Measurement {
  /** Sum of the estimates on each node. */
  readonly loads: readonly number[];
  /** Time each node takes with `workers` items at a time, longest first. */
  readonly times: readonly number[];
  /** The largest of the times. */
  readonly makespan: number;
  /** max(total / (nodes × workers), longest item): no assignment can be faster. Not always an integer. */
  readonly lowerBound: number;
  /** makespan / lower bound: 1 is perfect, and what nothing to run has. */
  readonly balance: number;
}

/** Measures an assignment; all figures are in the unit of the estimates. */
export function measure({ nodeOf, estimates, nodes, workers }: Measured): Measurement {
  const loads: number[] = new Array(nodes).fill(0);
  let total = 0;
  let longest = 0;
  for (let id = 0; id < nodeOf.length; id++) {
    const estimate = estimates[id] as number;
    const node = nodeOf[id] as number;
    loads[node] = (loads[node] as number) + estimate;
    total += estimate;
    if (estimate > longest) longest = estimate;
  }
  const times =
    workers === 1
      ? loads
      : placesByNode(nodeOf, nodes).map((own) => {
          const longestFirst = longestFirstOf(own, estimates).map((item) => estimates[item] as number);
          return listScheduleMakespan(longestFirst, workers);
        });
  const makespan = times.reduce((most, time) => Math.max(most, time), 0);
  const lowerBound = Math.max(total / (nodes * workers), longest);
  return { loads, times, makespan, lowerBound, balance: lowerBound === 0 ? 1 : makespan / lowerBound };
}

/**
 * Time that `workers` workers take for these items when the next goes to whoever is free first (Graham's list
 * scheduling, 1966).
 *
 * @param estimates In the order of execution.
 */
export function listScheduleMakespan(estimates: ArrayLike<number>, workers: number): number {
  const busy = new Float64Array(workers);
  let most = 0;
  for (let at = 0; at < estimates.length; at++) {
    let first = 0;
    for (let worker = 1; worker < workers; worker++) {
      if ((busy[worker] as number) < (busy[first] as number)) first = worker;
    }
    const until = (busy[first] as number) + (estimates[at] as number);
    busy[first] = until;
    if (until > most) most = until;
  }
  return most;
}
