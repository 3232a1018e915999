/**
 * What one node can give another so that the fuller of the two takes less time: one item, or one item for a shorter
 * one.
 */
export interface Side {
  /** Estimates of its items, shortest first. */
  readonly estimates: readonly number[];
  /** Time it takes. */
  readonly time: number;
}

export interface Exchange {
  /** Place in the giver's list. */
  readonly given: number;
  /** Place in the taker's list of what comes back, or -1. */
  readonly taken: number;
}

/**
 * - `move`: one item that brings the giver to the target without lifting the taker over it; the shortest of those.
 * - `swap`: the same for two items.
 * - `unload`: the longest item that the taker can have without passing the target, though the giver may stay over it.
 * - `improve`: any exchange after which both take less time than the giver does now; the best of those.
 */
export type Aim = 'move' | 'unload' | 'swap' | 'improve';

/** Counts elementary steps, so that a search can be given up at the same place on every machine. */
export interface StepBudget {
  steps: number;
}

/** The exchange between nodes that run one item at a time. */
export function exchangeLoad(
  giver: Side,
  taker: Side,
  target: number,
  aim: Exclude<Aim, 'unload'>,
  effort: StepBudget,
): Exchange | undefined {
  const need = giver.time - target;
  const room = target - taker.time;
  const gap = giver.time - taker.time;
  if (aim !== 'improve' && room < need) return undefined;
  const own = giver.estimates;
  const other = taker.estimates;
  effort.steps += aim === 'move' ? 20 : own.length * 10;
  if (aim === 'move') {
    const given = firstAtLeast(own, need);
    return given < own.length && (own[given] as number) <= room ? { given, taken: -1 } : undefined;
  }
  let best: Exchange | undefined;
  // How far an exchange is from leveling the two; it improves while it is nearer than doing nothing or changing places.
  let nearest = gap;
  const consider = (difference: number, given: number, taken: number): void => {
    const distance = Math.abs(gap - 2 * difference);
    if (difference > 0 && distance < nearest) {
      nearest = distance;
      best = { given, taken };
    }
  };
  for (let given = 0; given < own.length; given++) {
    const estimate = own[given] as number;
    if (estimate === own[given - 1]) continue;
    if (aim === 'swap') {
      const taken = firstAtLeast(other, estimate - room);
      if (taken < other.length && (other[taken] as number) <= estimate - need) return { given, taken };
      continue;
    }
    consider(estimate, given, -1);
    const after = firstAtLeast(other, estimate - gap / 2);
    if (after < other.length) consider(estimate - (other[after] as number), given, after);
    if (after > 0) consider(estimate - (other[after - 1] as number), given, after - 1);
  }
  return best;
}

/**
 * The same for nodes that run several items at a time, where time is not the sum of the items: every exchange is tried.
 */
export function exchangeTime(
  giver: Side,
  taker: Side,
  target: number,
  aim: Aim,
  effort: StepBudget,
  workers: number,
): Exchange | undefined {
  const own = giver.estimates;
  const other = taker.estimates;
  const timeAfter = (list: readonly number[], removed: number, added: number): number => {
    effort.steps += list.length * workers;
    return timeChanged(list, removed, added, workers);
  };
  if (aim === 'unload') {
    let given = own.length - 1;
    while (given >= 0 && timeAfter(other, -1, own[given] as number) > target) given--;
    return given < 0 ? undefined : { given, taken: -1 };
  }
  let best: Exchange | undefined;
  let least = giver.time;
  const ownLoad = sumOf(own);
  const otherLoad = sumOf(other);
  const goal = aim === 'improve' ? giver.time - 1 : target;
  for (let given = 0; given < own.length; given++) {
    const estimate = own[given] as number;
    if (estimate === own[given - 1]) continue;
    const end = aim === 'move' ? 0 : firstAtLeast(other, estimate);
    for (let taken = aim === 'swap' ? 0 : -1; taken < end; taken++) {
      const back = taken === -1 ? 0 : (other[taken] as number);
      if (taken > 0 && back === other[taken - 1]) continue;
      effort.steps++;
      // No schedule is shorter than its load shared out evenly.
      if (ownLoad - estimate + back > goal * workers || otherLoad + estimate - back > goal * workers) continue;
      const time = timeAfter(own, given, back);
      if (time > goal) continue;
      const takerTime = timeAfter(other, taken, estimate);
      if (takerTime > goal) continue;
      if (aim !== 'improve') return { given, taken };
      if (Math.max(time, takerTime) < least) {
        least = Math.max(time, takerTime);
        best = { given, taken };
      }
    }
  }
  return best;
}

/**
 * `listTime` of an ascending list, longest first, with one item taken out (-1: none) and one put in (0: none): without
 * building that list, because this is where nearly all the time of rebalancing goes.
 */
function timeChanged(ascending: readonly number[], removed: number, added: number, workers: number): number {
  const busy = new Float64Array(workers);
  let most = 0;
  const run = (estimate: number): void => {
    let first = 0;
    for (let worker = 1; worker < workers; worker++) {
      if ((busy[worker] as number) < (busy[first] as number)) first = worker;
    }
    const until = (busy[first] as number) + estimate;
    busy[first] = until;
    if (until > most) most = until;
  };
  let pending = added;
  for (let at = ascending.length - 1; at >= 0; at--) {
    if (at === removed) continue;
    const estimate = ascending[at] as number;
    if (pending >= estimate) {
      run(pending);
      pending = 0;
    }
    run(estimate);
  }
  if (pending > 0) run(pending);
  return most;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** First place in an ascending list whose value is at least this. */
export function firstAtLeast(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
