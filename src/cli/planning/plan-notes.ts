/** What a person should know about the inputs of a plan. */
import { shownPath } from '../../files/folders';
import type { PlannedRun } from '../../jest/planning/planning';
import { notUsedText } from '../../jest/planning/timings-source';
import type { TestFile } from '../../plan/item';
import { countOf } from '../../reports/terminal/format';
import { durationOf } from '../../timings/timings';
import type { PlanningSession } from './planning-session';

/** Notes under `plan`: globs without a file, which timings were used, how many files they do not know, which file was found but not used. */
export function planNotes({ collected }: PlanningSession, planned: PlannedRun): string[] {
  if (collected.nothing !== null) return [`nothing to run: ${collected.nothing}`];
  return [...planned.notices, ...timingsNotes(collected.files, planned)];
}

function timingsNotes(files: readonly TestFile[], { plan, timings, unusedTimings }: PlannedRun): string[] {
  if (unusedTimings !== undefined) {
    const file = shownPath(unusedTimings);
    return [`${notUsedText(unusedTimings)} (use it anyway with --timings ${file})`];
  }
  if (timings === undefined) return [];
  // The table says by what files count then.
  if (plan.unit !== 'ms') return [`${shownPath(timings.path)} has none of these files`];
  const unknown = files.filter((file) => durationOf(timings.timings, file) === undefined).length;
  const median = unknown === 0 ? '' : `; ${countOf(unknown, 'file')} of unknown duration count as the median`;
  return [`durations from ${shownPath(timings.path)}${median}`];
}
