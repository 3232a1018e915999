/** The files of a run that goes on → lanes of a timeline. */
import { FILE_STATUSES, type FileRow } from '../../src/reports/live/file-log';
import type { LiveState } from '../../src/reports/live/state';
import type { FileStatus, ReportFile, ReportNode } from '../../src/reports/run-report/run-report';
import { layTimeline, type Timeline } from '../model/lanes';

/** `running` and `lost` have looks of their own; everything else is as in a report. */
type DrawnStatus = FileStatus | 'running' | 'lost';

const drawn: Readonly<Record<(typeof FILE_STATUSES)[number], DrawnStatus>> = {
  ...{ passed: 'passed', failed: 'failed', skipped: 'skipped', withdrawn: 'skipped', lost: 'lost' },
};

function fileOf(row: FileRow, startedAt: number): ReportFile {
  const [node, startMs, endMs, status, tests, failed, project, path, part] = row;
  return {
    ...{ node, project, path, worker: null, workerName: null, slot: null, parts: part === null ? null : [part] },
    ...{ startOffsetMs: startMs - startedAt, durationMs: endMs - startMs, tests, failed },
    status: drawn[FILE_STATUSES[status] ?? 'passed'] as FileStatus,
  };
}

export function liveTimeline(
  { nodes, running, startedAt }: LiveState,
  rows: readonly FileRow[],
  nowMs: number,
): Timeline {
  const done = rows.map((row) => fileOf(row, startedAt));
  const open = running.map(
    ({ node, file, part, startedAt: startMs }): ReportFile => ({
      ...fileOf([node, startMs, Math.max(startMs, nowMs), 0, 0, 0, file.project, file.path, part], startedAt),
      status: 'running' as FileStatus,
    }),
  );
  const files = [...done, ...open].sort((a, b) => a.startOffsetMs - b.startOffsetMs);
  const lanes = [...nodes]
    .sort((a, b) => a.number - b.number)
    .map(({ number, startedAt: startMs, endedAt }) => ({
      number,
      state: 'complete',
      startOffsetMs: startMs - startedAt,
      realMs: (endedAt ?? nowMs) - startMs,
    }));
  return layTimeline({ nodes: lanes as unknown as readonly ReportNode[], files }, false);
}
