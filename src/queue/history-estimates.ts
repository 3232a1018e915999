/** Estimates of a build from what the queue's database remembers. */
import { fileKey } from '../plan/item';
import type { PastEstimate } from './history';
import type { QueueEntry } from './queue';
import { freeHeavyEntries } from './rank';

/**
 * Puts remembered durations into a build's entries. What is not remembered gets the median of what is, and not the
 * plan's estimate, which may be in another unit. A part of a split file is known by its own name only. Then heavy
 * entries lose their home, as in `planEntries`. Where nothing is remembered the entries stay as they are.
 *
 * @param entries as `planEntries` makes them.
 * @param past of `QueueHistory.estimates` of this suite; files that are no entries count for nothing.
 * @param nodes how many nodes share the load.
 */
export function estimateEntries(
  entries: readonly QueueEntry[],
  past: readonly PastEstimate[],
  nodes: number,
): readonly QueueEntry[] {
  const meanByKey = new Map(past.map(({ file, part, meanMs }) => [fileKey(file, part), meanMs]));
  const means = entries.map(({ file, part }) => meanByKey.get(fileKey(file, part)));
  const known = means.filter((mean) => mean !== undefined).sort((a, b) => a - b);
  // The lower median: a value that occurs.
  const typicalMs = known[(known.length - 1) >> 1];
  if (typicalMs === undefined) return entries;
  const estimated = entries.map((entry, index) => ({
    ...entry,
    expectedMs: Math.max(1, Math.round(means[index] ?? typicalMs)),
  }));
  return freeHeavyEntries(estimated, nodes);
}
