import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FlakyEntry, PastExecution, RunSummary, SlowEntry } from '../../../src/queue/history';
import { emptyLines } from '../../../src/reports/history/empty-lines';
import { executionsTable } from '../../../src/reports/history/executions-table';
import { flakyTable } from '../../../src/reports/history/flaky-table';
import { runsTable } from '../../../src/reports/history/runs-table';
import { slowTable } from '../../../src/reports/history/slow-table';
import type { Terminal } from '../../../src/reports/terminal/terminal';
import { cellWidth } from '../../../src/reports/terminal/text-width';

const terminal: Terminal = { columns: 80, color: false, unicode: true, interactive: false };
const nowMs = Date.parse('2026-03-10T12:00:00Z');

const past = (more: Partial<RunSummary>): RunSummary => ({
  ...{ pipeline: 'web', runId: '17000000005', commit: 'c1b2c3d4e5f6', branch: 'main', attempt: 1 },
  ...{ state: 'passed', cancelledBy: null },
  ...{ createdAt: '2026-03-10T09:20:00.000Z', wallMs: 245_000, busyMs: 900_000, nodes: 4, items: 1312 },
  ...{ passed: 1312, failed: 0, poison: 0, flaky: 0 },
  ...more,
});
const execution = (more: Partial<PastExecution>): PastExecution => ({
  ...{ pipeline: 'web', runId: '17000000005', commit: 'c1b2c3d4e5f6', file: { project: null, path: 'src/a.test.js' } },
  ...{ part: null, test: null, node: '2', attempt: 1, claimNumber: 1, decision: 'accepted', outcome: 'passed' },
  ...{ durationMs: 2000, finishedAt: '2026-03-08T09:20:00.000Z', error: null, failed: [], retries: [] },
  campaign: null,
  ...more,
});

describe('what a person sees', () => {
  test('of builds: how they ended, who stopped one, and how long the green ones took', () => {
    const runs = [
      past({ runId: '9', state: 'running', commit: null, createdAt: '2026-03-10T11:58:00Z', wallMs: 120_000 }),
      past({ runId: '8', state: 'cancelled', cancelledBy: 'Ann', wallMs: 1000 }),
      past({ runId: '7', state: 'failed', failed: 2, poison: 1, flaky: 1, attempt: 2 }),
      past({ runId: '6', state: 'abandoned' }),
      past({ runId: '5' }),
      past({ runId: '4', wallMs: 122_500, createdAt: '2026-01-01T00:00:00Z' }),
    ];
    expect(runsTable(runs, terminal, nowMs)).toEqual([
      'web',
      '    ago  state        time  nodes  files  failed  flaky  commit   run',
      '  2 min  running    2m 00s      4  1,312       0      0  -        9',
      '    2 h  cancelled   1.0 s      4  1,312       0      0  c1b2c3d  8',
      '    2 h  failed     4m 05s      4  1,312       3      1  c1b2c3d  7, attempt 2',
      '    2 h  abandoned  4m 05s      4  1,312       0      0  c1b2c3d  6',
      '    2 h  passed     4m 05s      4  1,312       0      0  c1b2c3d  5',
      '   68 d  passed     2m 03s      4  1,312       0      0  c1b2c3d  4',
      '  8 was cancelled by Ann',
      '',
      '  passed  ▄█ oldest to newest, median 2m 03s',
    ]);
  });

  test('of builds on a wide terminal: their branches too', () => {
    const long = 'a-branch-that-says-all-that-was-done-on-it';
    const runs = [past({ runId: '9' }), past({ runId: '8', branch: null }), past({ runId: '7', branch: long })];
    expect(runsTable(runs, { ...terminal, columns: 120 }, nowMs).slice(0, 5)).toEqual([
      'web',
      '  ago  state     time  nodes  files  failed  flaky  commit   branch                    run',
      '  2 h  passed  4m 05s      4  1,312       0      0  c1b2c3d  main                      9',
      '  2 h  passed  4m 05s      4  1,312       0      0  c1b2c3d  -                         8',
      '  2 h  passed  4m 05s      4  1,312       0      0  c1b2c3d  a-branch-that-says-all-…  7',
    ]);
  });

  test('of executions: each file or test, what did not count, and what was lost', () => {
    const executions = [
      execution({ durationMs: 4000 }),
      execution({
        ...{ outcome: 'failed', decision: 'retried', durationMs: 3000, node: '1', error: '  ● cart adds\n\n    whole' },
        failed: [
          { test: 'cart adds', error: 'Error: the reason\n    at x' },
          { test: 'other', error: null },
        ],
      }),
      execution({ outcome: null, decision: 'lost', durationMs: null, commit: null }),
      execution({ outcome: 'passed', decision: 'superseded', durationMs: 1000 }),
      execution({ outcome: 'poison', durationMs: null, node: null }),
      execution({ test: 'adds', outcome: 'pending', durationMs: null }),
      execution({ part: '2', durationMs: 5, retries: [{ test: 'pays', errors: [null, 'Error: refused'] }] }),
    ];
    expect(executionsTable(executions, terminal, nowMs)).toEqual([
      'src/a.test.js',
      '  web',
      '  ▂▆█ 5 executions: 2 passed, 2 failed',
      '  ago  result            time                node  commit   run',
      '  2 d  passed           4.0 s  ████████████  2     c1b2c3d  17000000005',
      '  2 d  failed, retried  3.0 s  █████████     1     c1b2c3d  17000000005',
      '      cart adds: Error: the reason (and 1 more test)',
      '  2 d  lost                 -                2     -        17000000005',
      '  2 d  passed, late     1.0 s  ███           2     c1b2c3d  17000000005',
      '  2 d  poison               -                -     c1b2c3d  17000000005',
      '',
      'src/a.test.js › adds',
      '  web',
      '  1 execution: 0 passed, 0 failed',
      '  ago  result   time  node  commit   run',
      '  2 d  pending     -  2     c1b2c3d  17000000005',
      '',
      'src/a.test.js (part 2)',
      '  web',
      '  █ 1 execution: 1 passed, 0 failed',
      '  ago  result  time                node  commit   run',
      '  2 d  passed  5 ms  ████████████  2     c1b2c3d  17000000005',
      '      pays: tried 3 times, at first: Error: refused',
    ]);
  });

  test('of flaky tests: each with the error of its last failure', () => {
    const failure = {
      ...{ runId: '7', node: 'ann', attempt: 1, claimNumber: 1, finishedAt: '2026-03-08T09:20:00Z', wasRerun: false },
    };
    const entry = {
      ...{ pipeline: 'web', file: { project: null, path: 'src/a.test.js' }, commits: 1, passed: 3, failed: 1 },
      lastCampaign: null,
    };
    const lastAt = '2026-03-08T09:20:00.000Z';
    const entries = [
      {
        ...entry,
        test: 'cart adds',
        lastAt,
        failures: [
          { ...failure, error: 'Error: new' },
          { ...failure, error: 'old' },
        ],
      },
      { ...entry, test: null, lastAt, failures: [{ ...failure, error: null }] },
      {
        ...{ ...entry, test: 'cart empties', lastAt, failures: [{ ...failure, error: 'Error: full' }] },
        lastCampaign: {
          ...{
            runId: 'grind-1',
            finishedAt: '2026-03-10T09:20:00Z',
            verdict: 'ORDER-DEPENDENT',
            condition: 'sequence',
          },
          ...{ failures: 7, runs: 1200, command: null },
        },
      },
    ];
    expect(flakyTable(entries, terminal, nowMs)).toEqual([
      'web',
      '  failed  of  share  commits  last  file › test',
      '       1   4   25 %        1   2 d  src/a.test.js › cart adds',
      '      Error: new (node ann)',
      '       1   4   25 %        1   2 d  src/a.test.js',
      '      its error was not kept',
      '       1   4   25 %        1   2 d  src/a.test.js › cart empties',
      '      Error: full (node ann)',
      '      ground 1,200 times, 7 failed: ORDER-DEPENDENT, after other files (2 h ago)',
    ]);
  });

  test('of a campaign: how often each test was ground, how often it failed, and the verdict', () => {
    const finding = {
      test: 'cart adds',
      verdict: 'GENUINE',
      condition: 'alone',
      failures: 7,
      runs: 120,
      command: null,
    };
    const clean = { ...finding, test: 'cart empties', verdict: 'NOT-REPRODUCED', condition: null, failures: 0 };
    const bad = execution({
      ...{ pipeline: 'web: grind', runId: 'grind-1', outcome: 'failed', node: 'ann' },
      failed: [{ test: 'cart adds', error: 'Error: sum' }],
      campaign: { findings: [finding, clean] },
    });
    const good = execution({ pipeline: 'web: grind', runId: 'grind-2', campaign: { findings: [clean] } });
    expect(executionsTable([bad, good], terminal, nowMs)).toEqual([
      'src/a.test.js',
      '  web: grind',
      '  ██ 2 executions: 1 passed, 1 failed',
      '  ago  result   time                node  commit   run',
      '  2 d  failed  2.0 s  ████████████  ann   c1b2c3d  grind-1',
      '      cart adds: ground 120 times, 7 failed: GENUINE, alone; Error: sum',
      '  2 d  passed  2.0 s  ████████████  2     c1b2c3d  grind-2',
      '      ground 120 times, no test failed',
    ]);
  });

  test('of an empty history: why, and what to do', () => {
    const place = 'db:5432/ci, schema jest_distributed';
    const empty = (pipelines: string[], filter = {}, kind: 'runs' | 'flaky' = 'runs') =>
      emptyLines({ question: { kind }, filter, pipelines, isRunId: false, place }, terminal);
    expect(empty([])).toEqual([
      'No run is recorded yet in db:5432/ci, schema jest_distributed.',
      '  Nodes that use this database record their runs: npx jest-distributed run',
    ]);
    expect(empty(['web'], { pipeline: 'wbe' })).toEqual([
      'There is no pipeline "wbe" in db:5432/ci, schema jest_distributed.',
      '  It has: web',
    ]);
    expect(empty(['web'], { days: 1 })).toEqual(['No run began in the last 1 day.', '  Use a larger --days.']);
    expect(empty(['web'], {}, 'flaky')[0]).toBe('Nothing passed and failed on one commit.');
    const named = { question: { kind: 'executions', what: 'k1' }, filter: {}, pipelines: ['web'], place } as const;
    expect(emptyLines({ ...named, isRunId: true }, terminal)).toEqual([
      'k1 is the id of a run, and no file or test has this name.',
      '  Runs are listed without a name: npx jest-distributed history',
    ]);
  });
});

describe('any terminal', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });
  const time = fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
    .map((date) => date.toISOString());
  const count = fc.nat(1e6);
  const file = fc.record({ project: fc.option(text), path: text });
  const runs = fc.record<RunSummary>({
    ...{ pipeline: text, runId: text, commit: fc.option(text), branch: fc.option(text) },
    attempt: fc.integer({ min: 1, max: 9 }),
    state: fc.constantFrom('running', 'passed', 'failed', 'cancelled', 'abandoned'),
    ...{ cancelledBy: fc.option(text), createdAt: time, wallMs: count, busyMs: count, nodes: count, items: count },
    ...{ passed: count, failed: count, poison: count, flaky: count },
  });
  const finding = {
    ...{ verdict: text, condition: fc.option(text), failures: count, runs: count },
    command: fc.option(fc.array(text, { maxLength: 2 })),
  };
  const executions = fc.record<PastExecution>({
    ...{ pipeline: text, runId: text, commit: fc.option(text), file, part: fc.option(text), test: fc.option(text) },
    ...{ node: fc.option(text), attempt: count, claimNumber: count },
    decision: fc.constantFrom('accepted', 'retried', 'superseded', 'lost'),
    ...{ outcome: fc.option(text), durationMs: fc.option(count), finishedAt: time, error: fc.option(text) },
    failed: fc.array(fc.record({ test: text, error: fc.option(text) }), { maxLength: 2 }),
    retries: fc.array(fc.record({ test: text, errors: fc.array(fc.option(text), { maxLength: 2 }) }), { maxLength: 2 }),
    campaign: fc.option(
      fc.record({ findings: fc.array(fc.record({ test: fc.option(text), ...finding }), { maxLength: 3 }) }),
    ),
  });
  const flaky = fc.record<FlakyEntry>({
    ...{ pipeline: text, file, test: fc.option(text), commits: count, passed: count, failed: count, lastAt: time },
    failures: fc.array(
      fc.record({
        ...{ runId: text, node: fc.option(text), attempt: count, claimNumber: count, finishedAt: time },
        ...{ wasRerun: fc.boolean(), error: fc.option(text) },
      }),
      { maxLength: 2 },
    ),
    lastCampaign: fc.option(fc.record({ runId: text, finishedAt: time, ...finding })),
  });
  const slow = fc.record<SlowEntry>({
    ...{ pipeline: text, file, test: fc.option(text), executions: count, meanMs: count, longestMs: count },
  });
  const all = fc.record({
    runs: fc.array(runs, { maxLength: 5 }),
    executions: fc.array(executions, { maxLength: 5 }),
    flaky: fc.array(flaky, { maxLength: 5 }),
    slow: fc.array(slow, { maxLength: 5 }),
    what: text,
  });
  const view = (given: typeof all extends fc.Arbitrary<infer T> ? T : never, any: Terminal): string[] => [
    ...runsTable(given.runs, any, nowMs),
    ...executionsTable(given.executions, any, nowMs),
    ...flakyTable(given.flaky, any, nowMs),
    ...slowTable(given.slow, any),
    ...emptyLines(
      {
        ...{ question: { kind: 'executions', what: given.what }, filter: {}, pipelines: ['a'], place: given.what },
        isRunId: given.runs.length === 0,
      },
      any,
    ),
  ];

  test('is wide enough, and no name breaks a line', () => {
    const terminals = fc.record({
      columns: fc.integer({ min: 40, max: 200 }),
      color: fc.constant(false),
      unicode: fc.boolean(),
      interactive: fc.constant(false),
    });
    fc.assert(
      fc.property(all, terminals, (given, any) => {
        for (const line of view(given, any)) {
          expect(cellWidth(line)).toBeLessThanOrEqual(any.columns);
          expect(line).not.toMatch(/[\n\r\t]/);
        }
      }),
    );
  });

  test('colours change no text, and without Unicode there is only ASCII', () => {
    const color = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
    const given = {
      runs: [past({ state: 'failed', failed: 1, flaky: 1 }), past({}), past({})],
      executions: [execution({}), execution({ outcome: 'failed' })],
      flaky: [
        {
          pipeline: 'w',
          file: { project: 'p', path: 'a' },
          test: 't',
          commits: 1,
          passed: 1,
          failed: 1,
          lastAt: '2026-01-01',
          failures: [],
          lastCampaign: null,
        },
      ],
      slow: [{ pipeline: 'w', file: { project: null, path: 'a' }, test: null, executions: 1, meanMs: 5, longestMs: 9 }],
      what: 'x',
    };
    const colored = view(given, { ...terminal, color: true });
    expect(colored.join('\n')).toMatch(color);
    expect(colored.map((line) => line.replaceAll(color, ''))).toEqual(view(given, terminal));
    expect(view(given, { ...terminal, unicode: false }).join('\n')).toMatch(/^[\x20-\x7e\n]*$/);
  });
});
