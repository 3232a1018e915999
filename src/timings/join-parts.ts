/**
 * What a whole file would have taken, from what its parts took.
 *
 * A file that is split is never measured whole, and its parts added up are too much: each of them pays the fixed cost
 * of the file again. Recorded as it is, that sum would grow from run to run, and the shortest of parallel parts would
 * let a heavy file look light, so that the next run did not split it.
 */
import { fileKey } from '../plan/item';
import type { FileDuration } from './update';

/**
 * Joins results of one file; files with one result stay as they are.
 *
 * The fixed cost is the median of what each part took besides its tests.
 *
 * @param results in any order.
 */
export function joinParts(results: readonly FileDuration[]): FileDuration[] {
  const byFile = new Map<string, FileDuration[]>();
  for (const result of results) {
    const key = fileKey(result);
    const known = byFile.get(key);
    if (known === undefined) byFile.set(key, [result]);
    else known.push(result);
  }
  return [...byFile.values()].map((parts) => (parts.length === 1 ? (parts[0] as FileDuration) : joinFile(parts)));
}

function joinFile(parts: readonly FileDuration[]): FileDuration {
  const [{ project, path }] = parts as [FileDuration];
  const tests = parts.flatMap((part) => part.tests ?? []);
  return {
    project,
    path,
    durationMs: wholeDuration(parts.map(({ durationMs, tests: own }) => ({ durationMs, testsMs: sum(own) }))),
    tests,
    ok: parts.every(({ ok }) => ok),
  };
}

const sum = (tests: FileDuration['tests'] = []): number =>
  tests.reduce((total, { durationMs }) => total + durationMs, 0);

/** Milliseconds: the tests of all parts, and once what a part takes besides its tests. */
export function wholeDuration(parts: readonly { readonly durationMs: number; readonly testsMs: number }[]): number {
  const fixed = parts.map(({ durationMs, testsMs }) => Math.max(0, durationMs - testsMs)).sort((a, b) => a - b);
  const typical = fixed[(fixed.length - 1) >> 1] ?? 0;
  return typical + parts.reduce((total, { testsMs }) => total + testsMs, 0);
}
