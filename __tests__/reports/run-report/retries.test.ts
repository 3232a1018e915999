/** Every try counts: what terminal, markdown, page and JSON tell of tests that were tried more than once. */
import { describe, expect, test } from '@jest/globals';
import type { TriedTest } from '../../../src/blob/try-record';
import { staticSummary } from '../../../src/reports/page/static-summary';
import { flakyLines } from '../../../src/reports/run-report/flaky-lines';
import { ownFrames } from '../../../src/reports/run-report/own-frames';
import { createReportBuilder, type ReportOptions } from '../../../src/reports/run-report/report-builder';
import { retriesJson } from '../../../src/reports/run-report/retries-json';
import type { ReportedTry } from '../../../src/reports/run-report/retry-rows';
import type { RunReport } from '../../../src/reports/run-report/run-report';
import { summaryLines } from '../../../src/reports/run-report/summary-lines';
import { summaryMarkdown } from '../../../src/reports/run-report/summary-markdown';
import type { Terminal } from '../../../src/reports/terminal/terminal';
import { runOf } from '../../proof/run';
import { endOf, exitOf, metadataOf, outcomeOf, startMs, testOf, verdictOf } from './sample-run';

const terminal: Terminal = { columns: 80, color: false, unicode: true, interactive: false };

const triedTest = (titles: readonly string[], change: Partial<TriedTest> = {}): TriedTest => ({
  ...{ ancestorTitles: titles.slice(0, -1), title: titles.at(-1) ?? '', fullName: titles.join(' '), occurrence: 1 },
  outcome: 'failed',
  ...{ durationMs: 40, failureMessages: ['Error: bare'], earlier: [] },
  ...change,
});

const told = (path: string, change: Partial<ReportedTry> = {}): ReportedTry => ({
  ...{ file: { project: null, path }, part: null, kind: 'retried', outcome: 'failed', node: 1, nodeName: 'ann' },
  ...{ startMs: startMs + 500, durationMs: 400, tests: [], failure: null },
  ...change,
});

type Outcomes = readonly (readonly [node: number, outcome: Parameters<typeof outcomeOf>])[];

function reportOf(tries: readonly ReportedTry[], outcomes: Outcomes, options: ReportOptions = {}): RunReport {
  const builder = createReportBuilder(options);
  ['ann', 'bob'].forEach((node, index) => {
    const queue = { pipeline: 'web', runId: '77', served: 'database', session: node, node } as const;
    builder.node(metadataOf(index + 1, 2, { run: runOf({ id: '77' }), queue }));
  });
  for (const one of tries) builder.tried(one);
  for (const [node, outcome] of outcomes) builder.file(node, outcomeOf(...outcome));
  for (const node of [1, 2]) builder.end(node, endOf(3000), exitOf());
  return builder.finish({ proof: verdictOf(2), exitCode: 0 });
}

const passing = (path: string, ...tests: ReturnType<typeof testOf>[]): Outcomes[number] => [2, [{ path }, tests]];
const said = (report: RunReport) => flakyLines(report, terminal);

const framed = [
  '\u001b[1m  ● cart › adds\u001b[22m',
  '',
  '    the reason 42',
  '',
  '    > 3 |   throw new Error()',
  '      at Object.<anonymous> (src/a.test.js:3:9)',
  '',
].join('\n');

const sentOn = reportOf(
  [told('src/a.test.js', { tests: [triedTest(['cart', 'adds'])], failure: framed })],
  [passing('src/a.test.js', testOf(['cart', 'adds'], 'passed'), testOf(['calm'], 'passed'))],
);

const rerun = reportOf(
  [],
  [
    passing(
      'src/b.test.js',
      testOf(['pays'], 'passed', { invocations: 3, retryReasons: ['Error: one', 'Error: two'] }),
    ),
    passing('src/c.test.js', testOf(['is sad'], 'failed', { invocations: 2, failureMessages: ['Error: still'] })),
  ],
);

describe('a failure that the queue sent on', () => {
  test('is printed in full: nobody else has printed it', () => {
    expect(said(sentOn)).toEqual([
      'flaky: 1 test passed only on a later try',
      '  src/a.test.js: cart › adds (passed at try 2 on node 2 (bob))',
      '    try 1: failed on node 1 (ann) after 40 ms, sent on',
      '      the reason 42',
      '',
      '      > 3 |   throw new Error()',
      '        at Object.<anonymous> (src/a.test.js:3:9)',
    ]);
    const lines = summaryLines(sentOn, terminal);
    expect(lines).toEqual(expect.arrayContaining(said(sentOn)));
    expect(lines.join('\n')).toContain('(1 flaky)');
  });

  test('makes its test flaky, and no other', () => {
    expect(sentOn.totals).toMatchObject({ tests: 2, passed: 2, flaky: 1 });
    expect(sentOn.retries).toMatchObject([{ file: 0, test: 0, isFlaky: true, executions: 2 }]);
  });

  test('stands in the step summary with its name and first error', () => {
    const markdown = summaryMarkdown(sentOn);
    expect(markdown).toContain('### Flaky: 1 test passed only on a later try');
    expect(markdown).toContain(
      '<code>src/a.test.js</code> <b>cart › adds</b>, passed at try 2 on node 2 (bob): the reason 42',
    );
    expect(markdown).toContain('try 1: failed on node 1 (ann) after 40 ms, sent on');
    // Where the whole is too long the line stays.
    expect(summaryMarkdown(sentOn, 1400)).toContain('- <code>src/a.test.js</code> <b>cart › adds</b>');
  });

  test('can be read where the page may run no script', () => {
    expect(staticSummary(sentOn)).toContain(
      '<h2>Flaky</h2><ul><li>src/a.test.js: cart › adds (passed at try 2 on node 2 (bob)): the reason 42</li></ul>',
    );
    expect(staticSummary(reportOf([], [passing('src/a.test.js', testOf(['t'], 'passed'))]))).not.toContain('Flaky');
  });

  test('has its time and errors in JSON', () => {
    expect(retriesJson(sentOn)).toEqual([
      {
        ...{ project: null, file: 'src/a.test.js', test: ['cart', 'adds'], flaky: true, executions: 2, node: 2 },
        tries: [
          {
            ...{ kind: 'retried', outcome: 'failed', node: 1, nodeName: 'ann', durationMs: 40 },
            startedAt: new Date(startMs + 500).toISOString(),
            errors: [expect.stringContaining('the reason 42')],
          },
        ],
      },
    ]);
  });
});

describe('a test that jest.retryTimes repeated', () => {
  test('stands with its first error in one line', () => {
    expect(said(rerun)).toEqual([
      'flaky: 1 test passed only on a later try',
      '  src/b.test.js: pays (passed at try 3 on node 2 (bob))',
      '    Error: one',
    ]);
  });

  test('and failed for good is not flaky, but keeps its tries', () => {
    expect(rerun.retries.map(({ titles, isFlaky, executions }) => [titles, isFlaky, executions])).toEqual([
      [['pays'], true, 3],
      [['is sad'], false, 2],
    ]);
    expect(rerun.totals.flaky).toBe(1);
  });

  test('before the queue sent its file on has all of its tries in their order', () => {
    const earlier = [{ messages: ['Error: first'], startMs: startMs + 500, durationMs: 5 }];
    const tests = [triedTest(['pays'], { earlier, failureMessages: ['Error: second'] })];
    const report = reportOf(
      [told('src/b.test.js', { tests, startMs: startMs + 510 })],
      [passing('src/b.test.js', testOf(['pays'], 'passed', { invocations: 2, retryReasons: ['Error: third'] }))],
    );
    expect(report.retries[0]?.tries.map(({ kind, messages }) => [kind, ...messages])).toEqual([
      ['rerun', 'Error: first'],
      ['retried', 'Error: second'],
      ['rerun', 'Error: third'],
    ]);
    expect(said(report)[1]).toBe('  src/b.test.js: pays (passed at try 4 on node 2 (bob))');
  });
});

test('a test that passed on its second try in an execution that does not count is flaky too', () => {
  const earlier = [{ messages: ['Error: first'], startMs: startMs + 500, durationMs: 5 }];
  const report = reportOf(
    [told('src/b.test.js', { tests: [triedTest(['pays'], { earlier, outcome: 'passed', failureMessages: [] })] })],
    [passing('src/b.test.js', testOf(['pays'], 'passed'))],
  );
  const [file, pays] = [...report.retries].sort((a, b) => Number(a.titles !== null) - Number(b.titles !== null));
  expect(pays?.tries.map(({ kind, outcome }) => [kind, outcome])).toEqual([
    ['rerun', 'failed'],
    ['retried', 'passed'],
  ]);
  expect([file?.titles, pays?.isFlaky, pays?.executions, report.totals.flaky]).toEqual([null, true, 3, 1]);
});

describe('a file as a whole', () => {
  const broken = '  ● Test suite failed to run\n\n    Cannot find module "x"\n';

  test('is flaky where it did not load at first', () => {
    const report = reportOf(
      [told('src/a.test.js', { failure: broken })],
      [passing('src/a.test.js', testOf(['t'], 'passed'))],
    );
    expect(said(report).slice(0, 4)).toEqual([
      'flaky: 1 file passed only on a later try',
      '  src/a.test.js (passed at try 2 on node 2 (bob))',
      '    try 1: failed on node 1 (ann) after 400 ms, sent on',
      '      Cannot find module "x"',
    ]);
  });

  test('is not flaky because its node died, or because it ran twice', () => {
    const tries = [
      told('src/a.test.js', { kind: 'lost', outcome: 'lost', node: null, nodeName: 'eve', durationMs: null }),
      told('src/a.test.js', { kind: 'superseded', outcome: 'passed' }),
    ];
    const report = reportOf(tries, [passing('src/a.test.js', testOf(['t'], 'passed'))]);
    expect([said(report), report.totals.flaky, report.retries[0]?.executions]).toEqual([[], 0, 3]);
  });

  test('that no execution counts of is there all the same', () => {
    const [retry] = reportOf([told('src/a.test.js', { failure: broken })], []).retries;
    expect(retry).toMatchObject({ path: 'src/a.test.js', file: null, test: null, isFlaky: false, executions: 1 });
  });
});

describe('of very many', () => {
  const tries = Array.from({ length: 30 }, (_, index) =>
    told(`src/${String(index).padStart(2, '0')}.test.js`, {
      tests: [triedTest(['t'], { failureMessages: ['no\n'.repeat(60)] })],
    }),
  );
  const outcomes = tries.map(({ file }) => passing(file.path, testOf(['t'], 'passed')));

  test('some are printed, and some lines of each', () => {
    const lines = said(reportOf(tries, outcomes));
    expect([lines[0], lines.at(-1)]).toEqual(['flaky: 30 tests passed only on a later try', '  and 20 more']);
    expect(lines.filter((line) => /^ {6}… \d+ more lines$/.test(line))).toHaveLength(10);
  });

  test('a limited number is kept, and the rest counted', () => {
    const report = reportOf(tries, outcomes, { limits: { retries: 4 } });
    expect([report.retries.length, report.omitted.retries, report.totals.flaky]).toEqual([4, 26, 30]);
    expect(said(report)[0]).toBe('flaky: 4 tests passed only on a later try (and 26 more are not listed)');
  });
});

test('of a bare stack the frames of Jest and Node.js are left out, unless there are no others', () => {
  const own = 'Error: x\n    at Object.<anonymous> (/repo/a.test.js:1:1)';
  const foreign = '    at run (/repo/node_modules/jest-circus/build/run.js:1:1)\n    at new Promise (<anonymous>)';
  expect(ownFrames(`${own}\n${foreign}\n    at node:internal/x:1:1`)).toBe(own);
  expect(ownFrames(`Error: x\n${foreign}`)).toBe(`Error: x\n${foreign}`);
});
