/** Files that have run, for a timeline: rows that are only added to, as arrays, because there may be 100,000. */
import { fileKey } from '../../plan/item';
import type { LiveEvent, RunningItem } from './events';
import type { LiveFile } from './state';

export const FILE_STATUSES = ['passed', 'failed', 'skipped', 'withdrawn', 'lost'] as const;
type LoggedStatus = (typeof FILE_STATUSES)[number];

/** Node, start and end in milliseconds since 1970, index in `FILE_STATUSES`, tests, failed tests, project, path, part. */
export type FileRow = readonly [
  node: number,
  startMs: number,
  endMs: number,
  status: number,
  tests: number,
  failed: number,
  project: string | null,
  path: string,
  part: string | null,
];

export interface FileLog {
  readonly rows: readonly FileRow[];
  /** Starts anew where the event begins a run. */
  add(event: LiveEvent): void;
}

const keyOf = (node: number, { file, part }: RunningItem): string => `${node} ${fileKey(file, part)}`;

function statusOf(event: Extract<LiveEvent, { kind: 'file-ended' | 'file-withdrawn' | 'file-lost' }>): LoggedStatus {
  if (event.kind === 'file-withdrawn') return 'withdrawn';
  if (event.kind === 'file-lost') return 'lost';
  if (!event.ok) return 'failed';
  return event.passed === 0 && event.skipped > 0 ? 'skipped' : 'passed';
}

/**
 * @param known rows that are there already.
 * @param running files that have begun.
 */
export function createFileLog(known: readonly FileRow[] = [], running: readonly LiveFile[] = []): FileLog {
  const rows = [...known];
  const starts = new Map(running.map((file) => [keyOf(file.node, file), file.startedAt]));
  return {
    rows,
    add(event) {
      if (event.kind === 'run-started') {
        rows.length = 0;
        starts.clear();
      } else if (event.kind === 'file-started') {
        starts.set(keyOf(event.node, event), event.at);
      } else if (event.kind === 'file-ended' || event.kind === 'file-withdrawn' || event.kind === 'file-lost') {
        const key = keyOf(event.node, event);
        const { node, at, file, part } = event;
        const tests = event.kind === 'file-ended' ? event.passed + event.failed + event.skipped : 0;
        const failed = event.kind === 'file-ended' ? event.failed : 0;
        const status = FILE_STATUSES.indexOf(statusOf(event));
        rows.push([node, starts.get(key) ?? at, at, status, tests, failed, file.project, file.path, part]);
        starts.delete(key);
      }
    },
  };
}
