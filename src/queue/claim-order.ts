/** The order in which a run hands out its items. */
import { fileKey } from '../plan/item';
import type { QueueEntry } from './queue';

/** A heavy item must start early wherever it runs, so it has no home: over this share of a node's fair load. */
const HEAVY_SHARE = 0.05;

/** Longest first; ties by key, so that the order is the same whoever fills. */
export function sortForClaims(entries: readonly QueueEntry[]): readonly QueueEntry[] {
  const keyed = entries.map((entry) => ({ entry, key: fileKey(entry.file, entry.part) }));
  keyed.sort((a, b) => b.entry.estimate - a.entry.estimate || (a.key < b.key ? -1 : 1));
  return keyed.map(({ entry }) => entry);
}

/**
 * Takes the home from heavy items, so that the longest are started first by whoever is free, and light ones run where
 * their transform cache is warm.
 *
 * @param nodes how many nodes share the load
 */
export function unpinHeavy(entries: readonly QueueEntry[], nodes: number): readonly QueueEntry[] {
  const totalMs = entries.reduce((sum, { estimate }) => sum + estimate, 0);
  const heavyMs = (HEAVY_SHARE * totalMs) / Math.max(1, nodes);
  return entries.map((entry) => (entry.estimate > heavyMs ? { ...entry, home: null } : entry));
}
