/** Estimates of a run from what the queue's database remembers. */
import { fileKey } from '../plan/item';
import type { Plan } from '../plan/plan';
import { unpinLong } from './claim-order';
import type { PastEstimate } from './history';
import type { QueueEntry } from './queue';

/**
 * Puts remembered durations into a run's entries. What is not remembered keeps the plan's estimate where that is a
 * duration too, as for new parts of a file whose split changed; else it gets the median of what is. A part of a split
 * file is known by its own name only. What failed last time comes first, on whichever node is free. Then heavy entries
 * lose their home, as in `planEntries`. Where nothing is remembered the entries stay as they are.
 *
 * @param entries as `planEntries` makes them.
 * @param past of `QueueHistory.estimates` of this pipeline; files that are no entries count for nothing.
 * @param nodes how many nodes share the load.
 * @param unit what the plan's estimates are.
 */
export function estimateEntries(
  entries: readonly QueueEntry[],
  past: readonly PastEstimate[],
  nodes: number,
  unit: Plan['unit'],
): readonly QueueEntry[] {
  const pastByKey = new Map(past.map((one) => [fileKey(one.file, one.part), one]));
  const own = entries.map(({ file, part }) => pastByKey.get(fileKey(file, part)));
  const marked = entries.map((entry, index) =>
    own[index]?.failedLast ? { ...entry, failedLast: true, home: null } : entry,
  );
  const means = own.map((one) => one?.meanMs ?? undefined);
  const known = means.filter((mean) => mean !== undefined).sort((a, b) => a - b);
  // The lower median: a value that occurs.
  const typicalMs = known[(known.length - 1) >> 1];
  if (typicalMs === undefined) return marked;
  const estimated = marked.map((entry, index) => ({
    ...entry,
    estimate: Math.max(1, Math.round(means[index] ?? (unit === 'ms' ? entry.estimate : typicalMs))),
  }));
  return unpinLong(estimated, nodes);
}
