/**
 * Lowering the makespan of an assignment by moving as little as possible.
 *
 * The node that takes longest gives an item away, or swaps one for a shorter one, until every node is under the target
 * or nothing improves any more. An exchange that brings it under the target is preferred to a better one, and a move to
 * a swap: what is asked for is little movement, not the best packing.
 */

import { listScheduleMakespan } from '../makespan';
import { allItems, compareTied, sortItems } from '../sort-items';
import type { Workload } from '../workload';
import { type Aim, type Exchange, exchangeLoad, exchangeTime, type Side, type StepBudget } from './find-exchange';

// About a tenth of a second. Counted and not timed, so that every machine gives up at the same place.
const mostSteps = 20_000_000;

/** A node during the search: its items, shortest first, with their estimates beside them. */
interface Bin extends Side {
  readonly items: number[];
  readonly estimates: number[];
  time: number;
}

/**
 * Changes `nodeOf` in place until no node takes longer than `target`, where that can be reached.
 *
 * @param target A time, at least `work.lowerBound`.
 * @returns The makespan that was reached.
 */
export function rebalance(work: Workload, nodeOf: Uint32Array, target: number): number {
  const bins = binsOf(work, nodeOf);
  const effort: StepBudget = { steps: 0 };
  for (;;) {
    const from = longestBin(bins);
    const giver = bins[from] as Bin;
    if (giver.time <= target || effort.steps > mostSteps) return giver.time;
    const found = findExchange(work, bins, from, target, effort);
    if (found === undefined) return giver.time;
    const taker = bins[found.to] as Bin;
    const given = remove(giver, found.given);
    if (found.taken !== -1) {
      const back = remove(taker, found.taken);
      insert(work, giver, back);
      nodeOf[back] = from;
    }
    insert(work, taker, given);
    nodeOf[given] = found.to;
    giver.time = timeOf(work, giver.estimates);
    taker.time = timeOf(work, taker.estimates);
  }
}

function findExchange(
  work: Workload,
  bins: readonly Bin[],
  from: number,
  target: number,
  effort: StepBudget,
): (Exchange & { readonly to: number }) | undefined {
  const giver = bins[from] as Bin;
  const others = bins.map((_, node) => node).filter((node) => node !== from);
  others.sort((one, other) => (bins[one] as Bin).time - (bins[other] as Bin).time || one - other);
  const attempt = (to: number, aim: Aim) => {
    const taker = bins[to] as Bin;
    const found =
      aim !== 'unload' && work.workers === 1
        ? exchangeLoad(giver, taker, target, aim, effort)
        : exchangeTime(giver, taker, target, aim, effort, work.workers);
    return found && { ...found, to };
  };
  // What fits anywhere fits where there is most room.
  const emptiest = others[0];
  if (emptiest === undefined) return undefined;
  const moved = attempt(emptiest, 'move') ?? (isFine(work, giver) ? attempt(emptiest, 'unload') : undefined);
  if (moved !== undefined) return moved;
  for (const aim of ['swap', 'improve'] as const) {
    for (const to of others) {
      const found = effort.steps > mostSteps ? undefined : attempt(to, aim);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/**
 * Whether a node has so many items for its workers that its time follows its load, though one item less may not show
 * yet: then giving items away gets it under the target sooner or later.
 */
function isFine({ workers }: Workload, { items }: Bin): boolean {
  return workers > 1 && items.length > workers * 8;
}

function binsOf(work: Workload, nodeOf: Uint32Array): Bin[] {
  const own: number[][] = Array.from({ length: work.nodes }, () => []);
  const shortestFirst = allItems(nodeOf.length);
  sortItems(shortestFirst, work.estimates, work);
  for (const item of shortestFirst) own[nodeOf[item] as number]?.push(item);
  return own.map((items) => {
    const estimates = items.map((item) => work.estimates[item] as number);
    return { items, estimates, time: timeOf(work, estimates) };
  });
}

/** @param estimates Shortest first. */
function timeOf({ workers }: Workload, estimates: readonly number[]): number {
  if (workers > 1) return listScheduleMakespan([...estimates].reverse(), workers);
  return estimates.reduce((sum, estimate) => sum + estimate, 0);
}

function longestBin(bins: readonly Bin[]): number {
  let longest = 0;
  for (let node = 1; node < bins.length; node++) {
    if ((bins[node] as Bin).time > (bins[longest] as Bin).time) longest = node;
  }
  return longest;
}

function remove(bin: Bin, at: number): number {
  bin.estimates.splice(at, 1);
  return bin.items.splice(at, 1)[0] as number;
}

function insert(work: Workload, bin: Bin, item: number): void {
  let low = 0;
  let high = bin.items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareItems(work, bin.items[middle] as number, item) < 0) low = middle + 1;
    else high = middle;
  }
  bin.items.splice(low, 0, item);
  bin.estimates.splice(low, 0, work.estimates[item] as number);
}

function compareItems(work: Workload, one: number, other: number): number {
  return (work.estimates[one] as number) - (work.estimates[other] as number) || compareTied(work, one, other);
}
