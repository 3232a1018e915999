/** The parts of report-ui that need no browser. */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parseAnsi } from '../../../report-ui/model/ansi';
import { fileAt, layTimeline, ticks } from '../../../report-ui/model/lanes';
import { type Route, readRoute, writeRoute } from '../../../report-ui/model/route';
import { embeddedJson } from '../../../src/reports/page/report-page';
import { sampleRun } from './sample-run';

const esc = '\u001b';

describe('colour codes', () => {
  test.each([
    ['plain', [['plain', '']]],
    [
      `a${esc}[31mred${esc}[39mb`,
      [
        ['a', ''],
        ['red', 'fg-red'],
        ['b', ''],
      ],
    ],
    [
      `${esc}[1m${esc}[2mx${esc}[22my`,
      [
        ['x', 'sgr-bold sgr-dim'],
        ['y', ''],
      ],
    ],
    [
      `${esc}[1;32mx${esc}[my`,
      [
        ['x', 'fg-green sgr-bold'],
        ['y', ''],
      ],
    ],
    [`${esc}[38;5;196mx${esc}[0m`, [['x', 'fg-red']]],
    [
      `${esc}[38;2;20;200;30mx${esc}[48;5;21my`,
      [
        ['x', 'fg-green'],
        ['y', 'fg-green bg-blue'],
      ],
    ],
    [`${esc}[90mgrey`, [['grey', 'fg-white']]],
    [`a${esc}[2K${esc}[1Gb\rc${esc}]8;;http://x\u0007d${esc}]8;;\u0007`, [['abcd', '']]],
    [`cut${esc}[3`, [['cut[3', '']]],
  ])('%j', (text, expected) => {
    expect(parseAnsi(text).map((piece) => [piece.text, piece.look])).toEqual(expected);
  });

  test('nothing is lost but codes, whatever is printed', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constant(`${esc}[31m`), fc.constant(`${esc}[0m`))), (parts) => {
        const shown = parseAnsi(parts.join(''))
          .map(({ text }) => text)
          .join('');
        expect(shown).toBe(parts.filter((part) => !part.startsWith(`${esc}[`)).join(''));
      }),
    );
  });
});

describe('addresses', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1 });

  test('lead back to what they were made of', () => {
    const file = { project: fc.option(text), path: text };
    const filter = fc.record({ status: text, node: text, project: text, text, sort: text });
    const routes = fc.oneof(
      fc.record({ page: fc.constant('file' as const), ...file }),
      fc.record({ page: fc.constant('test' as const), ...file, name: text, occurrence: fc.integer({ min: 1 }) }),
      fc.record({ page: fc.constantFrom('files' as const, 'tests', 'failures', 'timeline'), filter }),
    );
    fc.assert(
      fc.property(routes, (route) => {
        expect(readRoute(writeRoute(route as Route))).toEqual(route);
      }),
    );
  });
});

describe('lanes', () => {
  test('hold every file once, none two at a time, with or without known workers', () => {
    const report = sampleRun({ nodes: 3, files: 90, testsPerFile: 1, workers: 3 });
    const unknown = { ...report, files: report.files.map((file) => ({ ...file, worker: null })) };
    for (const run of [report, unknown]) {
      const { lanes, spanMs } = layTimeline(run, false);
      expect(lanes.flatMap(({ files }) => files)).toHaveLength(90);
      expect(lanes).toHaveLength(9);
      for (const { files } of lanes) {
        for (const [index, file] of files.entries()) {
          const next = files[index + 1];
          const endMs = file.startOffsetMs + file.durationMs;
          expect(endMs).toBeLessThanOrEqual(next?.startOffsetMs ?? spanMs);
        }
      }
    }
  });

  test('find the file at a moment', () => {
    const [lane] = layTimeline(sampleRun({ nodes: 1, files: 40, testsPerFile: 1, workers: 1 }), false).lanes;
    expect(lane?.files).toHaveLength(40);
    for (const file of lane?.files ?? []) {
      expect(lane && fileAt(lane, file.startOffsetMs + file.durationMs / 2, 0)).toBe(file);
    }
    expect(lane && fileAt(lane, 0, 10)).toBeUndefined();
    expect(lane && fileAt(lane, 0, 1e9)).toBe(lane?.files[0]);
  });

  test('have a readable axis', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000_000 }), (spanMs) => {
        const marks = ticks(spanMs, 5);
        expect(marks[0]).toBe(0);
        expect(marks.length).toBeLessThanOrEqual(6);
        expect(marks.at(-1)).toBeLessThanOrEqual(spanMs);
      }),
    );
  });
});

test('embedded JSON can neither end nor bend its element', () => {
  fc.assert(
    fc.property(
      fc.anything({ maxDepth: 2 }).filter((value) => JSON.stringify(value) !== undefined),
      (value) => {
        const text = embeddedJson([value, '</script><!--\u2028']);
        expect(text).not.toMatch(/[<\u2028\u2029]/);
        expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify([value, '</script><!--\u2028']));
      },
    ),
  );
});
