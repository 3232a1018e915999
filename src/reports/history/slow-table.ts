/** What `jest-distributed slow` prints: files or tests by their mean duration over past runs. */
import type { SlowEntry } from '../../queue/history';
import { bar } from '../terminal/bar';
import { formatCount, formatDuration } from '../terminal/format';
import { alignRows, type Column, cell } from '../terminal/table';
import type { Terminal } from '../terminal/terminal';
import { byPipeline } from './by-pipeline';
import { fileOrTestName } from './subject-name';

const barWidth = 12;
const columns: readonly Column[] = [
  { title: 'mean', align: 'right' },
  { title: 'longest', align: 'right' },
  { title: 'executions', align: 'right', optional: true },
  { title: '', align: 'left', optional: true },
];

export function slowTable(entries: readonly SlowEntry[], terminal: Terminal): string[] {
  return byPipeline(entries, terminal, (ofPipeline) => {
    const longestMs = Math.max(0, ...ofPipeline.map(({ meanMs }) => meanMs));
    const rows = ofPipeline.map((entry) => ({
      cells: [
        cell(formatDuration(entry.meanMs)),
        cell(formatDuration(entry.longestMs)),
        cell(formatCount(entry.executions)),
        cell(bar(entry.meanMs, longestMs, barWidth, terminal)),
      ],
      rest: (width: number) => cell(fileOrTestName(entry, width, terminal)),
    }));
    const restTitle = ofPipeline.every(({ test }) => test === null) ? 'file' : 'test';
    return alignRows(columns, rows, terminal, {
      indent: '  ',
      restTitle,
      restMinimum: 24,
      restMaximum: terminal.columns,
    });
  });
}
