/**
 * `bounded-ring`: the ring with a cap on what a node may carry. Balanced within a hundredth, and one added file moves
 * few others.
 */

import { measure } from '../makespan';
import { lift, prepare, type Workload } from '../workload';
import { rebalance } from './local-search';
import { packLongestFirst } from './lpt';
import { relabel } from './match-bins';
import { placeAlongRing } from './place-on-ring';
import { ringFor } from './ring';
import type { Assignment, StrategyInput } from './strategy';

// Promised is a mean of 1.010; the items that do not fit anywhere need the rest.
const capThousandths = 8;
const yardstickThousandths = 10;

/**
 * Places every item at its home where that fits, else near it.
 *
 * The makespan is at most 1.008 times the lower bound, or 1.01 times what longest-first packing reaches where that is
 * more: then no node of this run waits noticeably longer than it has to.
 */
export function boundedRing(input: StrategyInput): Assignment {
  const work = prepare(input);
  const { placed, nodeOf } = settle(work);
  const { nodeAt } = ringFor(work.nodes);
  return {
    nodeOf,
    reasonOf: (index) => {
      const node = nodeOf[index];
      if (node === nodeAt(work.hashes[index] as number)) return 'home';
      return node === placed[index] ? 'overflow' : 'rebalanced';
    },
  };
}

interface Settled {
  /** Node of each item before rebalancing. */
  readonly placed: Uint32Array;
  readonly nodeOf: Uint32Array;
}

function settle(work: Workload): Settled {
  const ring = ringFor(work.nodes);
  const cap = lift(work.lowerBound, capThousandths);
  const placed = placeAlongRing(work, ring, cap);
  if (measure({ ...work, nodeOf: placed }).makespan <= cap) return { placed, nodeOf: placed };

  // So coarse that the cap cannot be met this way: what longest-first reaches says what is possible.
  const yardstick = packLongestFirst(work);
  const target = Math.max(cap, lift(yardstick.makespan, yardstickThousandths));
  const coarse = target === cap ? placed : placeAlongRing(work, ring, target);
  const nodeOf = coarse.slice();
  if (rebalance(work, nodeOf, target) <= target) return { placed: coarse, nodeOf };
  return { placed: coarse, nodeOf: relabel(work, yardstick.nodeOf, coarse) };
}
