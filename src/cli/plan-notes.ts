/** What a person should know about the inputs of a plan. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { DEFAULT_TIMINGS_PATH } from '../jest/knowledge';
import type { PlannedRun } from '../jest/planning';
import { countOf } from '../reports/durations';
import { durationOf } from '../timings/timings';
import type { PlanningSession } from './planning-session';

/** Notes under `plan`: which timings were used, how many files they do not know, which file was found but not used. */
export function planNotes({ collected, options }: PlanningSession, { timings }: PlannedRun): string[] {
  const { root, files } = collected;
  const shown = (file: string) => path.relative(process.cwd(), file) || file;
  if (timings === undefined) {
    const unused = path.join(root, DEFAULT_TIMINGS_PATH);
    if (options.plan !== undefined || !existsSync(unused)) return [];
    return [
      `${shown(unused)} is not used: git does not track it unmodified, so nodes could have different ones (use it anyway with --timings ${shown(unused)})`,
    ];
  }
  const unknown = files.filter((file) => durationOf(timings.timings, file) === undefined).length;
  const median = unknown === 0 ? '' : `; ${countOf(unknown, 'file')} of unknown duration count as the median`;
  return [`durations from ${shown(timings.path)}${median}`];
}
