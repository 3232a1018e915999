/** The order in which a run hands out its items. */
import { fileKey } from '../plan/item';
import type { QueueEntry } from './queue';

/** A long item must start early wherever it runs, so it has no home: over this share of a node's fair load. */
const LONG_SHARE = 0.05;

/** What failed last time first, then the longest; ties by key, so that the order is the same whoever fills. */
export function sortForClaims(entries: readonly QueueEntry[]): readonly QueueEntry[] {
  const keyed = entries.map((entry) => ({ entry, key: fileKey(entry.file, entry.part) }));
  const isFirst = ({ entry }: { readonly entry: QueueEntry }) => Number(entry.failedLast ?? false);
  keyed.sort((a, b) => isFirst(b) - isFirst(a) || b.entry.estimate - a.entry.estimate || (a.key < b.key ? -1 : 1));
  return keyed.map(({ entry }) => entry);
}

/**
 * Takes the home from long items, so that the longest are started first by whoever is free, and short ones run where
 * their transform cache is warm.
 *
 * @param nodes how many nodes share the load
 */
export function unpinLong(entries: readonly QueueEntry[], nodes: number): readonly QueueEntry[] {
  const total = entries.reduce((sum, { estimate }) => sum + estimate, 0);
  const longestAtHome = (LONG_SHARE * total) / Math.max(1, nodes);
  return entries.map((entry) => (entry.estimate > longestAtHome ? { ...entry, home: null } : entry));
}
