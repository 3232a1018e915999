/**
 * `bounded-ring`: the ring with a cap on what a node may carry. Balanced within a hundredth, and one added file moves
 * few others.
 */
import { packLongestFirst } from './longest-first';
import { measure } from './measure';
import { placeAlongRing } from './placement';
import { polish } from './polish';
import { relabel } from './relabel';
import { ringFor } from './ring';
import type { Assignment, StrategyInput } from './strategy';
import { prepare, type Workload } from './workload';

/**
 * Places every item at its home where that fits, else near it.
 *
 * The makespan is at most 1.01 times the lower bound where that can be reached by longest-first packing or by placing
 * along the ring, and never more than 1.01 times what longest-first packing reaches.
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
      return node === placed[index] ? 'overflow' : 'polished';
    },
  };
}

interface Settled {
  /** Node of each item before polishing. */
  readonly placed: Uint32Array;
  readonly nodeOf: Uint32Array;
}

function settle(work: Workload): Settled {
  const ring = ringFor(work.nodes);
  const cap = addHundredth(work.floor);
  const placed = placeAlongRing(work, ring, { cap });
  if (makespanOf(work, placed) <= cap) return { placed, nodeOf: placed };

  // Items so coarse that the cap cannot be met this way: what longest-first reaches says what is possible.
  const yardstick = packLongestFirst(work);
  const target = Math.max(cap, addHundredth(yardstick.makespan));
  const nodeOf = placeAlongRing(work, ring, { cap: target });
  const again = nodeOf.slice();
  if (polish(work, nodeOf, target) <= target) return { placed: again, nodeOf };
  return { placed: again, nodeOf: relabel(work, yardstick.nodeOf, again) };
}

function addHundredth(time: number): number {
  return time + Math.floor(time / 100);
}

function makespanOf(work: Workload, nodeOf: Uint32Array): number {
  return measure({ ...work, nodeOf }).makespan;
}
