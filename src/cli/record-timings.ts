/**
 * Writes what a complete run on this machine took into the timings store.
 */
import path from 'node:path';
import { writeTimingsFile } from '../files/timings-file';
import { DEFAULT_TIMINGS_PATH } from '../jest/knowledge';
import type { PlannedRun } from '../jest/planning';
import type { Plan } from '../plan/plan';
import { type PlacedFile, recordAssignment } from '../timings/assignment';
import { type FileDuration, foldDurations, pruneTimings } from '../timings/fold';
import { emptyTimings } from '../timings/timings';
import type { PlanningSession } from './planning-session';

function placedFiles({ nodes }: Plan): PlacedFile[] {
  return nodes.flatMap(({ node, items }) =>
    items.map(({ project, file, part }) => ({ project, path: file, part, node })),
  );
}

/**
 * Folds the durations of a run into the store, with the assignment it had.
 *
 * Only for runs that were complete and not bailed. A filtered run says nothing about files that are gone and is no
 * assignment of the whole suite, so it leaves the store as it is.
 *
 * @param workers Jest workers that each node ran with.
 * @returns the path of the store, or undefined where nothing was recorded.
 */
export async function recordLocalRun(
  { options, collected }: PlanningSession,
  { plan, timings: known }: PlannedRun,
  durations: readonly FileDuration[],
  workers: number,
): Promise<string | undefined> {
  if (collected.isFiltered) return undefined;
  const file = path.resolve(collected.root, options.timings?.value ?? DEFAULT_TIMINGS_PATH);
  const { timings: kept } = pruneTimings(known?.timings ?? emptyTimings, collected.files);
  const folded = foldDurations(kept, durations, { workers });
  await writeTimingsFile(file, recordAssignment(folded, plan.nodes.length, placedFiles(plan)));
  return file;
}
