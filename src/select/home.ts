/**
 * The node of a unit, from the same ring that places files.
 */
import { hashKey, ringFor } from '../plan/strategies/ring';

/** Node index (0-based) that owns a key's point on the ring. */
export function homeOf(key: string, nodes: number): number {
  return ringFor(nodes).nodeAt(hashKey(key));
}
