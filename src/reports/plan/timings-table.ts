/** What `jest-distributed timings show` prints: where the time goes, slowest first. */
import { fileKey, type TestFile } from '../../plan/item';
import { compareText, type Timings } from '../../timings/timings';
import { fileOrTestName } from '../history/subject-name';
import { bar } from '../terminal/bar';
import { countOf, formatDuration, formatShare } from '../terminal/format';
import { labelledLines } from '../terminal/labelled-lines';
import { alignRows, type Column, cell } from '../terminal/table';
import { colorsOf, type Terminal } from '../terminal/terminal';

export interface TimingsTableOptions {
  /** Files, and tests, to show at most; default 10. */
  readonly limit?: number;
}

interface Slow {
  readonly durationMs: number;
  readonly file: TestFile;
  /** Full name of the test; null for a whole file. */
  readonly test: string | null;
}

const barWidth = 12;
const columns: readonly Column[] = [
  { title: 'time', align: 'right' },
  { title: 'share', align: 'right', optional: true },
  { title: '', align: 'left', optional: true },
];

/**
 * The slowest files and tests with a bar beside the slowest, and what the store holds.
 *
 * @throws DistributedError TIMINGS_CORRUPT where the tests, which are read only now, are damaged
 */
export function timingsTable(timings: Timings, terminal: Terminal, { limit = 10 }: TimingsTableOptions = {}): string[] {
  const files: Slow[] = [];
  const tests: Slow[] = [];
  for (const file of timings.files.values()) {
    if (file.durationMs !== null) files.push({ durationMs: file.durationMs, file, test: null });
    for (const [test, durationMs] of file.tests()) tests.push({ durationMs, file, test });
  }
  if (files.length === 0) return ['No durations are recorded yet.'];
  const totalMs = files.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const { bold } = colorsOf(terminal);
  return [
    bold('Slowest files'),
    ...slowestRows(files, totalMs, limit, terminal),
    '',
    ...(tests.length === 0 ? [] : [bold('Slowest tests'), ...slowestRows(tests, totalMs, limit, terminal), '']),
    ...labelledLines(summary(timings, files.length, tests.length, totalMs), terminal),
  ];
}

function slowestRows(entries: Slow[], totalMs: number, limit: number, terminal: Terminal): string[] {
  const slowest = entries.sort(bySlowness).slice(0, Math.max(0, limit));
  const maximumMs = slowest[0]?.durationMs ?? 0;
  const rows = slowest.map((entry) => ({
    cells: [
      cell(formatDuration(entry.durationMs)),
      cell(formatShare(entry.durationMs / totalMs)),
      cell(bar(entry.durationMs, maximumMs, barWidth, terminal)),
    ],
    rest: (width: number) => cell(fileOrTestName(entry, width, terminal)),
  }));
  return alignRows(columns, rows, terminal, {
    indent: '  ',
    restTitle: slowest[0]?.test === null ? 'file' : 'test',
    restMinimum: 24,
    restMaximum: terminal.columns,
  });
}

function bySlowness(a: Slow, b: Slow): number {
  return (
    b.durationMs - a.durationMs ||
    compareText(fileKey(a.file), fileKey(b.file)) ||
    compareText(a.test ?? '', b.test ?? '')
  );
}

function summary(
  { workers, assignments, files }: Timings,
  measured: number,
  tests: number,
  totalMs: number,
): (readonly [string, string])[] {
  const unmeasured = files.size - measured;
  const counts = assignments.join(', ');
  return [
    [
      'files',
      `${countOf(measured, 'file')} in ${formatDuration(totalMs)}${unmeasured > 0 ? `, ${unmeasured} never measured` : ''}`,
    ],
    ['tests', tests === 0 ? 'no durations of single tests' : countOf(tests, 'test')],
    ...(workers === null ? [] : [['workers', `recorded with ${countOf(workers, 'worker')} a node`] as const]),
    ...(counts === '' ? [] : [['sticky', `assignments for ${counts} nodes`] as const]),
  ];
}
