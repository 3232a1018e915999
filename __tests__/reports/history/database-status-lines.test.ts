import { expect, test } from '@jest/globals';
import { type DatabaseStatusView, databaseStatusLines } from '../../../src/reports/history/database-status-lines';
import { formatSize } from '../../../src/reports/terminal/format';
import type { Terminal } from '../../../src/reports/terminal/terminal';

const terminal: Terminal = { columns: 80, color: false, unicode: true, interactive: false };
const nowMs = Date.parse('2026-03-10T12:00:00Z');
const status: DatabaseStatusView = {
  ...{ address: 'db:5432/ci', serverVersion: '15.14', schema: 'jest_distributed', version: 1, latest: 1 },
  contents: {
    tables: [
      { name: 'run', rows: 312, isEstimate: false, bytes: 65_536 },
      { name: 'execution', rows: 1_234_567, isEstimate: true, bytes: 2_345_678_901 },
    ],
    ...{ bytes: 2_345_744_437, liveSessions: 4 },
    ...{ oldestRunAt: '2025-12-01T00:00:00.000Z', newestRunAt: '2026-03-10T11:00:00.000Z' },
  },
};

test('what a person sees', () => {
  expect(databaseStatusLines(status, terminal, nowMs)).toEqual([
    'database  db:5432/ci, PostgreSQL 15.14',
    'schema    jest_distributed, version 1, current',
    'runs      the oldest of 2025-12-01 (99 d ago), the newest of 2026-03-10 (60 min',
    '          ago)',
    'nodes     4 at work now',
    '',
    '  table                 rows    size',
    '  run                    312   66 kB',
    '  execution  about 1,234,567  2.3 GB',
    '  all                         2.3 GB',
  ]);
});

test('of a schema that is missing, older, newer or empty', () => {
  const lines = (more: Partial<DatabaseStatusView>) => databaseStatusLines({ ...status, ...more }, terminal, nowMs);
  expect(lines({ version: 0, contents: null })).toEqual([
    'database  db:5432/ci, PostgreSQL 15.14',
    'schema    jest_distributed, missing',
  ]);
  expect(lines({ version: 1, latest: 3, contents: null })[1]).toBe(
    'schema    jest_distributed, version 1, this jest-distributed has 3',
  );
  const contents = {
    ...(status.contents as NonNullable<typeof status.contents>),
    oldestRunAt: null,
    newestRunAt: null,
  };
  expect(lines({ contents })[2]).toBe('runs      none');
});

test.each([
  [0, '0.0 kB'],
  [65_536, '66 kB'],
  [1_234_567, '1.2 MB'],
  [39_000_000, '39 MB'],
  [2_345_678_901, '2.3 GB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatSize(bytes)).toBe(text);
});
