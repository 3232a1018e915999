/**
 * A node with no file of its own: Jest would call an empty list "No tests found" and exit 1, but more nodes than files
 * is legitimate.
 *
 * So the list holds one Test that stands for "nothing": its context is a copy whose runner does nothing. Only a copy of
 * the context: a change to the real config would start a cold transform cache. Works on Jest 29 and 30.
 */
import type { JestTest } from '../host/jest-types';

const standIns = new WeakSet<object>();

/** @param found any Test that Jest found; one of its contexts is needed because Jest builds a resolver for each. */
export function standInFor(found: JestTest): JestTest {
  const config = { ...found.context.config, runner: require.resolve('./empty-share-runner'), transform: [] };
  // No path: a Jest 29 that a program starts hides from a sequencer that it only lists tests, and a real path in that
  // list would be a doubled test.
  const standIn = { path: '', context: { ...found.context, config }, duration: 0 };
  standIns.add(standIn);
  return standIn;
}

export function isStandIn(test: object): boolean {
  return standIns.has(test);
}
