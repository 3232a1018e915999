/**
 * What the runs of pieces of one file add up to, whoever ran them: workers that share it, or nodes.
 */
import type { StoredSnapshot } from './blob';

/** Istanbul's data of one source file. */
type FileCoverage = Readonly<Record<string, unknown>>;

/**
 * Obsolete is what the piece that has the test says is obsolete: to the other pieces that test's snapshots are used. One
 * that is of no test is obsolete to them all.
 */
export function mergeSnapshots<Snapshot extends StoredSnapshot>(snapshots: readonly Snapshot[]): Snapshot {
  const sum = (name: 'added' | 'matched' | 'unmatched' | 'updated') =>
    snapshots.reduce((total, snapshot) => total + snapshot[name], 0);
  const uncheckedKeys = [...new Set(snapshots.flatMap((snapshot) => snapshot.uncheckedKeys))];
  return {
    ...(snapshots[0] as Snapshot),
    added: sum('added'),
    fileDeleted: snapshots.some(({ fileDeleted }) => fileDeleted),
    matched: sum('matched'),
    unchecked: uncheckedKeys.length,
    uncheckedKeys,
    unmatched: sum('unmatched'),
    updated: sum('updated'),
  };
}

function addCounts(one: unknown, other: unknown): unknown {
  if (typeof one === 'number') return one + (typeof other === 'number' ? other : 0);
  if (Array.isArray(one)) return one.map((count, index) => addCounts(count, (other as unknown[] | undefined)?.[index]));
  if (typeof one === 'object' && one !== null) {
    const more = (other ?? {}) as FileCoverage;
    return Object.fromEntries(Object.entries(one).map(([key, count]) => [key, addCounts(count, more[key])]));
  }
  return one ?? other ?? null;
}

/**
 * Adds up istanbul's counters by source file; `bT` is there only where logic is reported.
 *
 * Not by istanbul-lib-coverage, which merges by location: the same code was instrumented each time, so the maps beside the
 * counters are equal.
 */
export function addCoverage<Data extends FileCoverage>(
  coverages: readonly Readonly<Record<string, Data>>[],
): Record<string, Data> {
  const sum: Record<string, Data> = {};
  for (const [file, data] of coverages.flatMap((coverage) => Object.entries(coverage))) {
    const known = sum[file];
    const counters = ['s', 'f', 'b', 'bT'].filter((name) => known !== undefined && name in known);
    const added = counters.map((name) => [name, addCounts(known?.[name], data[name])]);
    sum[file] = known === undefined ? data : { ...known, ...Object.fromEntries(added) };
  }
  return sum;
}
