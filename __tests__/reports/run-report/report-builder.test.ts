import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Finding } from '../../../src/proof/finding';
import { stripEscapes } from '../../../src/reports/run-report/escape-codes';
import { createReportBuilder } from '../../../src/reports/run-report/report-builder';
import { summaryLines } from '../../../src/reports/run-report/summary-lines';
import { summaryMarkdown } from '../../../src/reports/run-report/summary-markdown';
import { runOf } from '../../proof/run';
import { endOf, exitOf, metadataOf, outcomeOf, realRun, sampleRun, startMs, testOf, verdictOf } from './sample-run';

describe('totals and rows', () => {
  test.each([29, 30] as const)('count what Jest %i said', (major) => {
    const { totals, files, tests } = realRun(major);
    expect(totals).toMatchObject({ tests: 11, passed: 2, failed: 7, skipped: 1, todo: 1, flaky: 1 });
    expect(totals).toMatchObject({ files: 3, failedFiles: 2, brokenFiles: 1 });
    expect(files.map(({ path, status }) => [path, status])).toEqual([
      ['src/broken.test.js', 'failed'],
      ['src/cart.test.js', 'failed'],
      ['src/flaky.test.js', 'passed'],
    ]);
    expect(tests.filter(({ invocations }) => invocations > 1).map(({ titles }) => titles)).toEqual([
      ['passes in the end'],
    ]);
  });

  test('a split file is one file with a run on each node', () => {
    const builder = createReportBuilder();
    for (const node of [1, 2]) {
      builder.node(metadataOf(node, 2));
      builder.file(
        node,
        outcomeOf({ path: 'a.test.js' }, [testOf([`t${node}`], 'passed')], { parts: [`part ${node}`] }),
      );
      builder.end(node, endOf(1000), exitOf());
    }
    const { totals, files } = builder.finish({ proof: verdictOf(2) });
    expect(totals).toMatchObject({ files: 1, tests: 2 });
    expect(files.map(({ node, parts }) => [node, parts])).toEqual([
      [1, ['part 1']],
      [2, ['part 2']],
    ]);
  });

  test('a later attempt adds its own time, and not the wait for it', () => {
    const durationOf = (attempt: number) => {
      const builder = createReportBuilder();
      builder.node(metadataOf(1, 2, { startMs }));
      builder.end(1, endOf(1000), exitOf());
      builder.node(metadataOf(2, 2, { startMs: startMs + 20_000, run: runOf({ id: '4711', attempt }) }));
      builder.end(2, endOf(500), exitOf());
      return builder.finish({ proof: verdictOf(2) }).run.durationMs;
    };
    expect([durationOf(2), durationOf(1)]).toEqual([1500, 20_500]);
  });

  test('a split file is slow by what all its parts take, and stands once among the slowest', () => {
    const builder = createReportBuilder();
    const whole = { ...outcomeOf({ path: 'whole.test.js' }, [testOf(['w'], 'passed')]), wallMs: 90_000 };
    for (const node of [1, 2]) {
      builder.node(metadataOf(node, 2));
      const part = outcomeOf({ path: 'split.test.js' }, [testOf([`t${node}`], 'passed')], { parts: [`${node}/2`] });
      builder.file(node, { ...part, wallMs: 60_000 });
      if (node === 1) builder.file(node, whole);
      builder.end(node, endOf(1000), exitOf());
    }
    const report = builder.finish({ proof: verdictOf(2) });
    expect(report.slowest.files.map((index) => report.files[index]?.path)).toEqual(['split.test.js', 'whole.test.js']);
    const terminal = { columns: 80, color: false, unicode: true, interactive: false };
    const lines = summaryLines(report, terminal);
    expect(lines.filter((line) => line.includes('.test.js'))).toEqual([
      '  2m 00s  split.test.js (on 2 nodes)',
      '  1m 30s  whole.test.js',
    ]);
    const rows = summaryMarkdown(report).split('\n');
    expect(rows.filter((row) => /split\.test\.js.*\| 1, 2 \|/.test(row))).toHaveLength(1);
  });

  test('a split file that no node can load is one failure, with its nodes', () => {
    const builder = createReportBuilder();
    for (const node of [1, 2, 3]) {
      builder.node(metadataOf(node, 3));
      const text = node === 3 ? 'no disk' : 'no module';
      const execError = { message: text, stack: `Error: ${text}` };
      builder.file(node, outcomeOf({ path: 'a.test.js' }, [], { execError, failureMessage: text }));
      builder.end(node, endOf(1000), exitOf());
    }
    const report = builder.finish({ proof: verdictOf(3), exitCode: 1 });
    expect(report.verdict.headline).toBe('1 file failed to run.');
    expect(report.failures.map(({ messages }) => messages)).toEqual([['no module'], ['no disk']]);
    const terminal = { columns: 80, color: false, unicode: true, interactive: false };
    const lines = summaryLines(report, terminal);
    expect(lines.filter((line) => line.includes('failed to run ('))).toEqual([
      '  a.test.js: failed to run (nodes 1 and 2)',
      '  a.test.js: failed to run (node 3)',
    ]);
    expect(summaryMarkdown(report)).toContain('<b>failed to run</b>, nodes 1 and 2');
  });

  test('files stand by start, and what refers to them follows', () => {
    const builder = createReportBuilder();
    builder.node(metadataOf(1, 1));
    const late = outcomeOf({ path: 'late' }, [testOf(['l'], 'failed', { failureMessages: ['Error: late'] })]);
    builder.file(1, { ...late, startMs: startMs + 900 });
    const early = outcomeOf({ path: 'early' }, [testOf(['e'], 'failed', { failureMessages: ['Error: early'] })]);
    builder.file(1, { ...early, startMs: startMs + 400 });
    builder.end(1, endOf(1000), exitOf());
    const report = builder.finish({ proof: verdictOf(1) });
    expect(report.files.map(({ path, startOffsetMs }) => [path, startOffsetMs])).toEqual([
      ['early', 100],
      ['late', 600],
    ]);
    for (const { file, test: index, messages } of report.failures) {
      const name = report.files[file]?.path;
      expect(messages).toEqual([`Error: ${name}`]);
      expect(report.tests[index ?? -1]?.titles).toEqual([name?.charAt(0)]);
    }
  });

  test('a file before its node is a mistake of the caller', () => {
    expect(() => createReportBuilder().file(3, outcomeOf({ path: 'a' }, []))).toThrow('node 3');
  });
});

describe('nodes', () => {
  const report = sampleRun({ nodes: 4, files: 16, testsPerFile: 2, missing: [2], cut: [3] });

  test('say how each ended, the missing ones too', () => {
    expect(report.nodes.map(({ number, state }) => [number, state])).toEqual([
      [1, 'complete'],
      [2, 'missing'],
      [3, 'incomplete'],
      [4, 'complete'],
    ]);
  });

  test('stand with planned and real work', () => {
    expect(report.nodes[2]).toMatchObject({ files: 2, plannedFiles: 4, host: 'runner-3' });
    expect(report.nodes[2]?.plannedMs).toBeGreaterThan(0);
    expect(report.nodes[1]).toMatchObject({ files: 0, realMs: null, startOffsetMs: null });
  });

  test('no balance is claimed where a part is unknown', () => {
    expect(report.balance.achieved).toBeNull();
    expect(sampleRun({ nodes: 4, files: 16, testsPerFile: 2 }).balance.achieved).toBeGreaterThanOrEqual(1);
  });
});

describe('verdict', () => {
  const passing = { nodes: 2, files: 4, testsPerFile: 2 };

  test('passed only where the proof holds and nothing failed', () => {
    const { verdict } = sampleRun(passing);
    expect(verdict).toMatchObject({ ok: true, outcome: 'passed' });
    expect(verdict.headline).toBe('All 8 tests passed: each of 4 files ran exactly once.');
    const one = sampleRun({ nodes: 1, files: 1, testsPerFile: 1 });
    expect(one.verdict.headline).toBe('1 test passed: 1 file ran exactly once.');
  });

  test('failed with the numbers', () => {
    expect(realRun(30).verdict).toMatchObject({
      ok: false,
      outcome: 'failed',
      headline: '7 of 11 tests failed in 1 file, 1 file failed to run.',
    });
  });

  test('unproven beats everything', () => {
    const missing = {
      code: 'missing-node',
      severity: 'error',
      message: 'm',
      remedy: '',
      nodes: [1],
      items: [],
    } as const;
    const { verdict } = sampleRun({ ...passing, failEvery: 4, findings: [missing] });
    expect(verdict).toMatchObject({ ok: false, outcome: 'unproven' });
    expect(verdict.headline).toBe(
      'Not every test is known to have run exactly once (1 problem); 1 of 8 tests failed in 1 file.',
    );
  });

  test('a node that ended red makes the run failed, and not unproven', () => {
    const builder = createReportBuilder();
    builder.node(metadataOf(1, 1));
    builder.file(1, outcomeOf({ path: 'a' }, [testOf(['t'], 'passed')]));
    builder.end(1, endOf(10), { ...exitOf(), code: 1, reasons: ['globalTeardown threw'] });
    const red: Finding = {
      code: 'node-red',
      severity: 'error',
      message: 'Node 1 ended with exit code 1, although none of its tests failed: globalTeardown threw.',
      remedy: '',
      nodes: [1],
      items: [],
    };
    const { verdict, nodes } = builder.finish({ proof: verdictOf(1, [red]), exitCode: 0 });
    expect(verdict).toMatchObject({
      ...{ ok: false, outcome: 'failed' },
      headline: 'Every test passed, but node 1 ended with exit code 1.',
    });
    expect(nodes[0]?.errors).toEqual(['globalTeardown threw']);
    // Where a caller says why, that counts.
    expect(builder.finish({ proof: verdictOf(1, [red]), problems: ['node 1 left'] }).verdict.headline).toBe(
      'Every test passed, but node 1 left.',
    );
  });

  test('a test that failed fails the run, whatever its file counts', () => {
    const builder = createReportBuilder();
    builder.node(metadataOf(1, 1));
    const outcome = outcomeOf({ path: 'a' }, [testOf(['t'], 'failed')]);
    builder.file(1, { ...outcome, result: { ...outcome.result, numFailingTests: 0 } });
    builder.end(1, endOf(10), exitOf());
    expect(builder.finish({ proof: verdictOf(1), exitCode: 0 }).verdict).toMatchObject({
      ...{ ok: false, outcome: 'failed' },
      headline: '1 of 1 test failed in 1 file.',
    });
  });

  test('an exit code of Jest is never green', () => {
    const builder = createReportBuilder();
    builder.node(metadataOf(1, 1));
    builder.file(1, outcomeOf({ path: 'a' }, [testOf(['t'], 'passed')]));
    builder.end(1, endOf(10), exitOf());
    expect(builder.finish({ proof: verdictOf(1), exitCode: 1 }).verdict).toMatchObject({
      ok: false,
      headline: 'Every test passed, but Jest ended with exit code 1.',
    });
    const problems = ['coverage for lines (71 %) is below 80 %'];
    expect(builder.finish({ proof: verdictOf(1), exitCode: 1, problems }).verdict.headline).toBe(
      'Every test passed, but coverage for lines (71 %) is below 80 %.',
    );
    const many = builder.finish({ proof: verdictOf(1), exitCode: 1, problems: ['one', 'two', 'three', 'four'] });
    expect(many.verdict.headline).toBe('Every test passed, but one; two; 2 more problems.');
    const terminal = { columns: 80, color: false, unicode: true, interactive: false };
    expect(summaryLines(many, terminal)).toEqual(expect.arrayContaining(['  one', '  two', '  three', '  four']));
  });

  test('no blob at all is not green', () => {
    const report = createReportBuilder().finish({ proof: { ...verdictOf(0), ok: false, runId: null } });
    expect(report.verdict).toMatchObject({ ok: false, outcome: 'unproven' });
    expect(report).toMatchObject({ nodes: [], files: [], run: { startMs: null, durationMs: 0 } });
  });
});

describe('failures', () => {
  test.each([29, 30] as const)('have the code frame that Jest %i printed', (major) => {
    const { failures, tests } = realRun(major);
    expect(failures).toHaveLength(8);
    const frames = failures.map(({ test: index, messages }) => [
      index === null ? null : tests[index]?.titles.at(-1),
      ...messages.map((text) => /> +\d+ \|.*/.exec(stripEscapes(text))?.[0].replace(/\s+/g, ' ')),
    ]);
    expect(frames).toEqual([
      [null, expect.stringMatching(/> 1 \| const x = require/)],
      ['adds 0.1 and 0.2 | in `cents`', '> 7 | expect(total([10, 20])).toBe(31);'],
      ['keeps the lines', expect.stringContaining('> 11 | expect({ a: 1')],
      ['throws several', expect.stringContaining('> 18 | throw new TypeError')],
      ['same name', expect.stringContaining("> 20 | test('same name'")],
      ['same name', expect.stringContaining("> 21 | test('same name'")],
      ['with\na line feed', expect.stringContaining("> 22 | test('with")],
      ['two errors', expect.stringContaining("> 23 | test('two errors'"), expect.stringContaining('> 24 | afterEach')],
    ]);
    expect(failures.every(({ messages }) => messages.some((text) => text.includes('\u001b[')))).toBe(true);
    expect(failures.flatMap(({ messages }) => messages).join('\n')).not.toMatch(/● cart ›(?! not a title)/);
  });

  test('keep bare stacks where the text cannot be taken apart', () => {
    const builder = createReportBuilder();
    builder.node(metadataOf(1, 1));
    const failed = testOf(['a', 'b'], 'failed', { failureMessages: ['Error: x\n    at f (<jd:rootDir>/a.js:1:1)'] });
    builder.file(1, outcomeOf({ path: 'a.test.js' }, [failed], { failureMessage: 'of a custom runner' }));
    builder.end(1, endOf(10), exitOf());
    const { failures } = builder.finish({ proof: verdictOf(1) });
    expect(failures[0]?.messages).toEqual(['Error: x\n    at f (a.js:1:1)']);
  });

  test('shorten paths below the root, and no others', () => {
    const builder = createReportBuilder({ rootDir: '/srv/app' });
    builder.node(metadataOf(1, 1));
    const text = 'at /srv/app/src/a.js:1, (/srv/app/b.js) ../../srv/app/c.js /srv/application/d.js';
    builder.file(1, outcomeOf({ path: 'a' }, [testOf(['t'], 'failed', { failureMessages: [text] })]));
    builder.end(1, endOf(10), exitOf());
    const { failures } = builder.finish({ proof: verdictOf(1) });
    expect(failures[0]?.messages).toEqual(['at src/a.js:1, (b.js) ../../srv/app/c.js /srv/application/d.js']);
  });

  test('carry what their files printed', () => {
    const { consoles, files } = realRun(30);
    expect(consoles.map(({ file }) => files[file]?.path)).toEqual(['src/cart.test.js']);
    expect(consoles[0]?.entries).toEqual([
      { type: 'log', message: 'adding { a: 1 }', origin: 'Object.log (src/cart.test.js:6:15)' },
      { type: 'warn', message: 'careful', origin: expect.stringContaining('src/cart.test.js:10') },
    ]);
  });
});

describe('limits', () => {
  test('leave out passing tests, never failed, retried or slow ones', () => {
    const report = sampleRun({
      nodes: 2,
      files: 60,
      testsPerFile: 10,
      failEvery: 7,
      options: { limits: { tests: 50 } },
    });
    const { totals, tests, omitted, slowest } = report;
    expect(totals.tests).toBe(600);
    expect(tests.length + omitted.tests).toBe(600);
    expect(omitted.tests).toBeGreaterThan(400);
    expect(tests.filter(({ status }) => status === 'failed')).toHaveLength(totals.failed);
    expect(tests.filter(({ invocations }) => invocations > 1)).toHaveLength(totals.flaky);
    const durations = slowest.tests.map((index) => tests[index]?.durationMs ?? 0);
    expect(durations).toHaveLength(20);
    expect(durations).toEqual([...durations].sort((a, b) => b - a));
    expect(durations).toEqual(
      sampleRun({ nodes: 2, files: 60, testsPerFile: 10, failEvery: 7 })
        .tests.map(({ durationMs }) => durationMs ?? 0)
        .sort((a, b) => b - a)
        .slice(0, 20),
    );
  });

  test('cut long messages at a line and say so', () => {
    const builder = createReportBuilder({ limits: { textLength: 1000 } });
    builder.node(metadataOf(1, 1));
    const text = `Error: ${'a line of the diff\n'.repeat(500)}`;
    builder.file(1, outcomeOf({ path: 'a' }, [testOf(['t'], 'failed', { failureMessages: [text] })]));
    builder.end(1, endOf(10), exitOf());
    const { failures, omitted } = builder.finish({ proof: verdictOf(1) });
    expect(failures[0]?.messages[0]).toMatch(/a line of the diff.{4}\n… \d+ more characters omitted$/);
    expect(omitted.texts).toBe(1);
  });

  test('count the failures that are not listed', () => {
    const { failures, omitted, totals } = sampleRun({
      ...{ nodes: 1, files: 40, testsPerFile: 2, failEvery: 2 },
      options: { limits: { failures: 5 } },
    });
    expect(failures).toHaveLength(5);
    expect(omitted.failures).toBe(totals.failed - 5);
  });
});

test('every index leads somewhere, whatever ran', () => {
  fc.assert(
    fc.property(
      fc.record({
        nodes: fc.integer({ min: 1, max: 5 }),
        files: fc.integer({ min: 0, max: 30 }),
        testsPerFile: fc.integer({ min: 0, max: 6 }),
        failEvery: fc.integer({ min: 0, max: 4 }),
        tests: fc.integer({ min: 0, max: 40 }),
      }),
      ({ tests: limit, ...size }) => {
        const report = sampleRun({ ...size, options: { limits: { tests: limit } } });
        const { files, tests, failures, slowest, totals, omitted, nodes } = report;
        expect(JSON.parse(JSON.stringify(report))).toEqual(report);
        for (const { file } of tests) expect(files[file]).toBeDefined();
        for (const { file, test: index } of failures) {
          expect(files[file]?.status).toBe('failed');
          if (index !== null) expect(tests[index]).toMatchObject({ file, status: 'failed' });
        }
        for (const index of slowest.files) expect(files[index]).toBeDefined();
        for (const index of slowest.tests) expect(tests[index]).toBeDefined();
        expect(totals.tests).toBe(tests.length + omitted.tests);
        expect(nodes.reduce((sum, node) => sum + node.tests, 0)).toBe(totals.tests);
        expect(files.every(({ startOffsetMs }) => startOffsetMs >= 0)).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});
