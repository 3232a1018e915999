import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { timingsTable } from '../../../src/reports/plan/timings-table';
import type { Terminal } from '../../../src/reports/terminal/terminal';
import { cellWidth } from '../../../src/reports/terminal/text-width';
import { recordAssignment } from '../../../src/timings/assignment';
import { emptyTimings } from '../../../src/timings/timings';
import { foldDurations } from '../../../src/timings/update';

const terminal: Terminal = { columns: 80, color: false, unicode: true, interactive: false };

const timings = recordAssignment(
  foldDurations(
    emptyTimings,
    [
      {
        project: null,
        path: 'src/slow.test.js',
        durationMs: 60_000,
        ok: true,
        tests: [
          { name: 'waits for the very last of all the answers that the server is going to send', durationMs: 50_000 },
          { name: 'is quick', durationMs: 2 },
        ],
      },
      {
        project: 'web',
        path: 'packages/web/src/components/navigation/with/a/long/path/middle.test.tsx',
        durationMs: 30_000,
        ok: true,
      },
      { project: null, path: 'src/b.test.js', durationMs: 10, ok: true, tests: [{ name: 'same', durationMs: 2 }] },
      { project: null, path: 'src/a.test.js', durationMs: 10, ok: true, tests: [{ name: 'same', durationMs: 2 }] },
    ],
    { workers: 2 },
  ),
  4,
  [{ project: null, path: 'src/never.test.js', part: null, node: 1 }],
);

test('what a person sees', () => {
  expect(timingsTable(timings, terminal, { limit: 3 })).toEqual([
    'Slowest files',
    '    time  share                file',
    '  1m 00s   67 %  ████████████  src/slow.test.js',
    '  30.0 s   33 %  ██████        web › …avigation/with/a/long/path/middle.test.tsx',
    '   10 ms    0 %  ▏             src/a.test.js',
    '',
    'Slowest tests',
    '    time  share                test',
    '  50.0 s   56 %  ████████████  src/slow.test.js › waits for the very last of al…',
    '    2 ms    0 %  ▏             src/a.test.js › same',
    '    2 ms    0 %  ▏             src/b.test.js › same',
    '',
    'files    4 files in 1m 30s, 1 never measured',
    'tests    4 tests',
    'workers  recorded with 2 workers a node',
    'sticky   assignments for 4 nodes',
  ]);
});

test('without single tests there is no table of them', () => {
  const files = foldDurations(emptyTimings, [{ project: null, path: 'a.js', durationMs: 7, ok: true }]);
  expect(timingsTable(files, terminal)).toEqual([
    'Slowest files',
    '  time  share                file',
    '  7 ms  100 %  ████████████  a.js',
    '',
    'files  1 file in 7 ms',
    'tests  no durations of single tests',
  ]);
});

test('of nothing', () => {
  expect(timingsTable(emptyTimings, terminal)).toEqual(['No durations are recorded yet.']);
});

describe('any terminal', () => {
  const names = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });
  const result = fc.record({
    project: fc.option(names),
    path: names,
    durationMs: fc.nat(1e7),
    ok: fc.constant(true),
    tests: fc.array(fc.record({ name: names, durationMs: fc.nat(1e6) }), { maxLength: 3 }),
  });
  const terminals = fc.record({
    columns: fc.integer({ min: 40, max: 200 }),
    color: fc.constant(false),
    unicode: fc.boolean(),
    interactive: fc.constant(false),
  });

  test('is wide enough, and no name breaks a line', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(result, { selector: ({ project, path }) => `${project}\0${path}`, maxLength: 5 }),
        terminals,
        (results, any) => {
          const lines = timingsTable(foldDurations(emptyTimings, results), any);
          for (const line of lines) {
            expect(cellWidth(line)).toBeLessThanOrEqual(any.columns);
            expect(line).not.toMatch(/[\n\r\t]/);
          }
        },
      ),
    );
  });

  test('colours change no text', () => {
    const color = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
    const colored = timingsTable(timings, { ...terminal, color: true });
    expect(colored.join('\n')).toMatch(color);
    expect(colored.map((line) => line.replaceAll(color, ''))).toEqual(timingsTable(timings, terminal));
  });

  test('without Unicode there is only ASCII', () => {
    expect(timingsTable(timings, { ...terminal, unicode: false }).join('\n')).toMatch(/^[\x20-\x7e\n]*$/);
  });
});
