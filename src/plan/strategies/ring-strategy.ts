/**
 * `ring`: the plain ketama ring. Where an item goes depends on its key alone, so it never moves, and loads are whatever
 * they are: makespan / lower bound is 1.4 on average.
 */

import { prepare } from '../workload';
import { ringFor } from './ring';
import type { Assignment, StrategyInput } from './strategy';

/** Places every item at its home. Estimates and workers do not matter. */
export function plainRing(input: StrategyInput): Assignment {
  const { hashes, nodes } = prepare(input);
  return { nodeOf: Uint32Array.from(hashes, ringFor(nodes).nodeAt), reasonOf: () => 'home' };
}
