/** A run beside an earlier one, and the summary as a comment that later runs replace. */
import { expect, test } from '@jest/globals';
import { baseOfRecord, baseOfTimings, compareWithBase } from '../../../src/reports/run-report/base-run';
import { createReportBuilder } from '../../../src/reports/run-report/report-builder';
import type { RunReport } from '../../../src/reports/run-report/run-report';
import { commentMarkdown } from '../../../src/reports/run-report/summary-markdown';
import { emptyFileTimings, emptyTimings } from '../../../src/timings/timings';
import { metadataOf, outcomeOf, startMs, testOf, verdictOf } from './sample-run';

const file = (path: string) => ({ project: null, path });

function report(): RunReport {
  const builder = createReportBuilder();
  builder.node(metadataOf(1, 1));
  const failing = { failureMessages: ['Error: no\n    at src/a.js:3:5'] };
  builder.file(
    1,
    outcomeOf(
      { path: 'a.test.js' },
      [
        testOf(['still red'], 'failed', failing),
        testOf(['newly red'], 'failed', failing),
        testOf(['green again'], 'passed'),
      ],
      { startMs, wallMs: 6_000 },
    ),
  );
  builder.file(1, outcomeOf({ path: 'b.test.js' }, [testOf(['fine'], 'passed')], { startMs, wallMs: 2_000 }));
  builder.file(1, outcomeOf({ path: 'new.test.js' }, [testOf(['added'], 'passed')], { startMs, wallMs: 100 }));
  return builder.finish({ proof: verdictOf(1) });
}

const result = (path: string, durationMs: number, failed: readonly string[] = [], part: string | null = null) => ({
  file: file(path),
  part,
  durationMs,
  ok: failed.length === 0,
  failed,
});

const base = baseOfRecord({
  runId: '4700',
  commit: 'fedcba98765432100123',
  wallMs: 5_000,
  results: [
    result('a.test.js', 1_000, ['still red', 'green again'], 'part 1'),
    result('a.test.js', 1_000, [], 'part 2'),
    result('b.test.js', 1_900, ['gone']),
    result('removed.test.js', 50),
  ],
});

test('failures are new or old, and what was put right is named', () => {
  const own = report();
  const found = compareWithBase(own, base);
  expect(found.oldFailures?.map((index) => own.tests[own.failures[index]?.test ?? -1]?.titles)).toEqual([
    ['still red'],
  ]);
  expect(found.fixed).toEqual([{ ...file('a.test.js'), test: 'green again' }]);
  expect(found).toMatchObject({ commonFiles: 2, addedFiles: 1, removedFiles: 1, baseMs: 3_900, nowMs: 8_000 });
  expect(found.slower.map(({ file: index, baseMs }) => [own.files[index]?.path, baseMs])).toEqual([
    ['a.test.js', 2_000],
  ]);
});

test('timings know durations, and nothing of failures', () => {
  const timed = (path: string, durationMs: number | null) =>
    [`\0${path}`, { ...emptyFileTimings(file(path)), durationMs }] as const;
  expect(baseOfTimings(emptyTimings)).toBeNull();
  expect(baseOfTimings({ ...emptyTimings, files: new Map([timed('a.test.js', null)]) })).toBeNull();
  const found = baseOfTimings({ ...emptyTimings, files: new Map([timed('a.test.js', 5_000)]) });
  expect(found && compareWithBase(report(), found)).toMatchObject({
    ...{ run: null, commonFiles: 0, removedFiles: null, oldFailures: null, fixed: [] },
  });
});

test('the comment begins with a line that all runs of the pipeline share, and says what differs', () => {
  const own = report();
  const text = commentMarkdown({ ...own, base: compareWithBase(own, base) });
  expect(text.split('\n')[0]).toBe('<!-- jest-distributed: web -->');
  expect(text).toContain(
    'Compared with run 4700 (fedcba9876): 1 new failure, 1 failed then too, 1 failed then and passed now, time',
  );
  expect(text).toContain('all files together 3.9 s → 8.0 s (+105 %), 1 new file, 1 file no longer there.');
  expect(text).toContain('- a.test.js: 2.0 s → 6.0 s (+200 %)');
  expect(text).toMatch(/<b>newly red<\/b>, node 1, <b>new<\/b>/);
  expect(text).toMatch(/<b>still red<\/b>, node 1, failed before/);
});

test('a hostile label cannot end the line, and a comment is never longer than GitHub takes', () => {
  const own = report();
  const run = { ...own.run, pipeline: 'a --> <script> -- b' };
  const many = {
    ...own,
    run,
    failures: Array.from({ length: 2_000 }, () => own.failures[0]).flatMap((one) => one ?? []),
  };
  const text = commentMarkdown(many);
  expect(text.split('\n')[0]).toMatch(/^<!-- jest-distributed: [\w -]+ -->$/);
  expect(text.split('\n')[0]?.slice(4, -3)).not.toContain('--');
  expect(text.length).toBeLessThan(65_536);
  expect(text).toContain('failures omitted here');
});
