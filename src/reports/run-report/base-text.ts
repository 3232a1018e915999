/** The difference to an earlier run, as sentences. */
import { fileName } from '../../plan/item';
import { countOf, formatCount, formatDuration } from '../terminal/format';
import type { ReportBase, RunReport } from './run-report';

/** @example 'run 4711 (0a1b2c3d4e)' */
export function baseName({ run }: ReportBase): string {
  if (run === null) return 'the timings of earlier runs';
  return `run ${run.id}${run.commit === null ? '' : ` (${run.commit.slice(0, 10)})`}`;
}

/** @example '8m 10s → 8m 40s (+6 %)' */
function changeText(baseMs: number, nowMs: number): string {
  const percent = baseMs > 0 ? Math.round((nowMs / baseMs - 1) * 100) : 0;
  return `${formatDuration(baseMs)} → ${formatDuration(nowMs)} (${percent > 0 ? '+' : ''}${percent} %)`;
}

/** What went wrong or was put right; nothing where that is not known. */
function failureChange({ failures }: RunReport, { oldFailures, fixed }: ReportBase): string[] {
  if (oldFailures === null) return [];
  const fresh = failures.length - oldFailures.length;
  return [
    ...(fresh > 0 ? [`${countOf(fresh, 'new failure')}`] : []),
    ...(oldFailures.length > 0 ? [`${formatCount(oldFailures.length)} failed then too`] : []),
    ...(fixed.length > 0 ? [`${formatCount(fixed.length)} failed then and passed now`] : []),
    ...(fresh + oldFailures.length + fixed.length === 0 ? ['no failure, then and now'] : []),
  ];
}

/** Clauses: what differs, failures first. */
export function baseClauses(report: RunReport, base: ReportBase): string[] {
  const { run, commonFiles, addedFiles, removedFiles, baseMs, nowMs } = base;
  return [
    ...failureChange(report, base),
    ...(run === null ? [] : [`time ${changeText(run.wallMs, report.run.durationMs)}`]),
    ...(commonFiles > 0 ? [`all files together ${changeText(baseMs, nowMs)}`] : []),
    ...(addedFiles > 0 ? [`${countOf(addedFiles, 'new file')}`] : []),
    ...(removedFiles ? [`${countOf(removedFiles, 'file')} no longer there`] : []),
  ];
}

/** @example 'src/a.test.js: 1.2 s → 4.5 s (+275 %)' */
export const slowerTexts = ({ files }: RunReport, { slower }: ReportBase): string[] =>
  slower.flatMap(({ file, baseMs, nowMs }) => {
    const place = files[file];
    return place === undefined ? [] : [`${fileName(place)}: ${changeText(baseMs, nowMs)}`];
  });
