/** What `jest-distributed db status` prints. */

import { formatCount, formatSize } from '../terminal/format';
import { labelledLines } from '../terminal/labelled-lines';
import { formatAgo } from '../terminal/relative-time';
import { alignRows, type Column, cell } from '../terminal/table';
import { colorsOf, type Terminal } from '../terminal/terminal';

export interface DatabaseStatusView {
  readonly address: string;
  readonly serverVersion: string;
  readonly schema: string;
  /** 0 where there is none. */
  readonly version: number;
  readonly latest: number;
  readonly contents: {
    readonly tables: readonly {
      readonly name: string;
      readonly rows: number;
      readonly isEstimate: boolean;
      readonly bytes: number;
    }[];
    readonly bytes: number;
    readonly liveSessions: number;
    readonly oldestRunAt: string | null;
    readonly newestRunAt: string | null;
  } | null;
}

const columns: readonly Column[] = [
  { title: 'table', align: 'left' },
  { title: 'rows', align: 'right' },
  { title: 'size', align: 'right' },
];

export function databaseStatusLines(status: DatabaseStatusView, terminal: Terminal, nowMs: number): string[] {
  const { address, serverVersion, schema, contents } = status;
  const head: [string, string][] = [
    ['database', `${address}, PostgreSQL ${serverVersion}`],
    ['schema', `${schema}, ${versionText(status)}`],
  ];
  if (contents === null) return labelledLines(head, terminal);
  const { tables, bytes, liveSessions, oldestRunAt, newestRunAt } = contents;
  const date = (time: string) => `${time.slice(0, 10)} (${agoText(time, nowMs)})`;
  const runs =
    oldestRunAt === null ? 'none' : `the oldest of ${date(oldestRunAt)}, the newest of ${date(newestRunAt as string)}`;
  const rows = tables.map((table) => ({
    cells: [
      cell(table.name),
      cell(`${table.isEstimate ? 'about ' : ''}${formatCount(table.rows)}`),
      cell(formatSize(table.bytes)),
    ],
  }));
  const total = { cells: [cell('all', colorsOf(terminal).dim), cell(''), cell(formatSize(bytes))] };
  return [
    ...labelledLines([...head, ['runs', runs], ['nodes', `${formatCount(liveSessions)} at work now`]], terminal),
    '',
    ...alignRows(columns, [...rows, total], terminal, { indent: '  ' }),
  ];
}

function agoText(time: string, nowMs: number): string {
  const ago = formatAgo(time, nowMs);
  return ago === 'now' ? 'just now' : `${ago} ago`;
}

function versionText({ version, latest }: DatabaseStatusView): string {
  if (version === latest) return `version ${version}, current`;
  return version === 0 ? 'missing' : `version ${version}, this jest-distributed has ${latest}`;
}
