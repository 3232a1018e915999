import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { code, escapeMarkdown, preformatted } from '../../../src/reports/run-report/markdown';
import { createReportBuilder } from '../../../src/reports/run-report/report-builder';
import type { RunReport } from '../../../src/reports/run-report/run-report';
import { summaryLines } from '../../../src/reports/run-report/summary-lines';
import { SUMMARY_LIMIT_BYTES, summaryMarkdown } from '../../../src/reports/run-report/summary-markdown';
import type { Terminal } from '../../../src/reports/terminal/terminal';
import { cellWidth } from '../../../src/reports/terminal/text-width';
import { runOf } from '../../proof/run';
import { endOf, exitOf, metadataOf, outcomeOf, realRun, sampleRun, testOf, verdictOf } from './sample-run';

const terminal: Terminal = { columns: 80, color: false, unicode: true, interactive: false };

const lost = sampleRun({
  ...{ nodes: 5, files: 60, testsPerFile: 4, missing: [3], cut: [5] },
  findings: [
    {
      code: 'missing-node',
      severity: 'error',
      message: 'The blob of node 3 of 5 is missing.',
      remedy: "Look at that node's job.",
      nodes: [3],
      items: [],
    },
    {
      code: 'missing-items',
      severity: 'error',
      message: '12 files never ran: src/a.test.js and 11 more.',
      remedy: '',
      nodes: [3],
      items: Array.from({ length: 12 }, (_, index) => `src/lost-${index}.test.js`),
    },
    { code: 'retried', severity: 'note', message: 'Attempt 2 replaces 1.', remedy: '', nodes: [1], items: [] },
  ],
});

function namedRun(names: readonly string[]): RunReport {
  const builder = createReportBuilder();
  builder.node(metadataOf(1, 1));
  for (const name of names) {
    const failed = testOf([name, name], 'failed', { failureMessages: [`Error: ${name}\n\n  at ${name}`] });
    builder.file(1, outcomeOf({ project: name, path: name }, [failed]));
  }
  builder.end(1, endOf(10), exitOf());
  return builder.finish({ proof: verdictOf(1), exitCode: 1 });
}

/** Node 1 failed after a second; its job was run again an hour later, when `mac` had only left what the database kept. */
function queuedRun(): RunReport {
  const builder = createReportBuilder();
  const seat = { pipeline: 'web', runId: '77', served: 'database' } as const;
  const { startMs } = metadataOf(1, 2);
  const start = (number: number, node: string, attempt: number, afterMs: number) =>
    metadataOf(number, 2, {
      run: runOf({ id: '77', attempt }),
      queue: { ...seat, node, session: `${node}-${attempt}` },
      startMs: startMs + afterMs,
    });
  const outcome = (path: string, afterMs: number, fails: boolean) => ({
    ...outcomeOf({ path }, [testOf(['t'], fails ? 'failed' : 'passed')]),
    startMs: startMs + afterMs,
    wallMs: 500,
  });
  builder.node(start(1, '1', 1, 0), { isReplaced: true });
  builder.node(start(1, '1', 2, 3_600_000));
  builder.node(start(2, 'mac', 1, 0), { isRecovered: true });
  builder.file(1, outcome('a.test.js', 100, false));
  builder.file(2, outcome('b.test.js', 200, false));
  builder.file(1, outcome('c.test.js', 3_600_100, false));
  builder.end(
    1,
    { ...endOf(1000), errors: [{ message: 'of the first attempt', stack: '' }] },
    { ...exitOf(), code: 1 },
  );
  builder.end(1, endOf(2000), exitOf());
  return builder.finish({ proof: { ...verdictOf(2), database: DATABASE }, exitCode: 0 });
}

const DATABASE = { asked: true, items: 3, confirmed: 3, recovered: [{ node: 'mac', results: 1 }] };

describe("a queue's nodes", () => {
  test('stand once for all their starts, with the names that their logs have', () => {
    const lines = summaryLines(queuedRun(), terminal).map((line) => line.trimEnd());
    expect(lines.slice(0, 3).map((line) => line.slice(0, 60).trimEnd())).toEqual([
      'node  name  files  tests  failed    time',
      '   1  1         2      2       0   3.0 s',
      '   2  mac       1      1       0  700 ms  from the database',
    ]);
    expect(lines.join(' ').replace(/\s+/g, ' ')).toContain(
      'confirmed by the database: 3 of 3 items; 1 result came from it, as no report folder holds them: 1 of node mac',
    );
    expect(summaryMarkdown(queuedRun())).toMatch(/\n\| 1 \|.*\n\| 2: mac \|/);
    expect(summaryLines(lost, terminal).join('\n')).not.toContain('name');
  });

  test('lose no time between two attempts', () => {
    const { run, nodes, files } = queuedRun();
    expect(run.durationMs).toBe(3000);
    expect(nodes.map(({ startOffsetMs, realMs, attempt, errors }) => [startOffsetMs, realMs, attempt, errors])).toEqual(
      [
        [0, 3000, 2, []],
        [0, 700, 1, []],
      ],
    );
    expect(files.map(({ path, startOffsetMs }) => [path, startOffsetMs])).toEqual([
      ['a.test.js', 100],
      ['b.test.js', 200],
      ['c.test.js', 1100],
    ]);
  });
});

describe('the terminal', () => {
  test('ends with the verdict, which is never far from what is wrong', () => {
    const lines = summaryLines(lost, terminal);
    expect(lines.at(-1)).toBe('jest-distributed: Not every test is known to have run exactly once (2 problems).');
    const text = lines.join('\n');
    expect(text).toContain('error: The blob of node 3 of 5 is missing.');
    expect(text).toContain('src/lost-4.test.js');
    expect(text).not.toContain('Attempt 2');
    expect(text).toMatch(/^ +3 +0 .*missing$/m);
    expect(text).toMatch(/^ +5 +6\/12 .*cut short/m);
  });

  test('names failures; the replayed run has printed their tracebacks', () => {
    const report = realRun(30);
    expect(summaryLines(report, terminal).join('\n')).toContain('  src/broken.test.js: failed to run (node 1)');
    expect(summaryLines(report, terminal).join('\n')).not.toContain('> 1 |');
  });

  test('says how to rerun a node whose tests failed', () => {
    expect(summaryLines(realRun(30), terminal).join('\n')).toContain(
      '    npx jest-distributed run --nodes 2 --node-number 2',
    );
  });

  test('has no colour without colours, and some with', () => {
    expect(summaryLines(realRun(30), terminal).join('')).not.toContain('\u001b');
    expect(summaryLines(realRun(30), { ...terminal, color: true }).at(-1)).toContain('\u001b[31m');
  });

  test('no line is wider than the terminal, whatever tests are called', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 120 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 40, max: 120 }),
        (names, columns) => {
          const lines = summaryLines(namedRun(names), { ...terminal, columns });
          for (const line of lines) {
            expect(cellWidth(line)).toBeLessThanOrEqual(columns);
            expect(line).not.toMatch(/\p{Cc}/u);
          }
        },
      ),
      { numRuns: 100 },
    );
    for (const line of summaryLines(sampleRun({ nodes: 300, files: 600, testsPerFile: 1 }), terminal)) {
      expect(cellWidth(line)).toBeLessThanOrEqual(80);
    }
  });

  test('folds many nodes, but not those that went wrong', () => {
    const lines = summaryLines(sampleRun({ nodes: 100, files: 200, testsPerFile: 2, missing: [70] }), terminal);
    expect(lines.filter((line) => /^ +\d+ +\d+ /.test(line))).toHaveLength(16);
    expect(lines.some((line) => /^ +70 .*missing/.test(line))).toBe(true);
    expect(lines).toContain('  and 84 more nodes');
  });
});

describe('markdown', () => {
  test('has the verdict first, then findings, failures, nodes', () => {
    const text = summaryMarkdown(lost);
    expect(text).toMatch(/^## ❌ Not proven: jest-distributed\n/);
    expect(text).toContain('- ❌ The blob of node 3 of 5 is missing. \\[missing-node\\]<br>');
    expect(text).toContain('| 3 | 0 | 0 | 0 | – | – | **no report** |');
    expect(summaryMarkdown(sampleRun({ nodes: 2, files: 4, testsPerFile: 1 }))).toMatch(/^## ✅ Passed/);
  });

  test('holds failures folded, as preformatted text', () => {
    const text = summaryMarkdown(realRun(30));
    expect(text).toContain(
      '<details><summary><code>src/cart.test.js</code> <b>cart › totals &lt;script&gt;alert(1)&lt;/script&gt; &amp; more › adds 0.1 and 0.2 | in `cents`</b>, node 2</summary>',
    );
    expect(text).toContain('&gt;  7 |       expect(total([10, 20])).toBe(31);');
    expect(text).not.toContain('<script');
    expect(text).not.toContain('\u001b');
  });

  test('escapes what would be markup', () => {
    expect(escapeMarkdown('a|b `c` <d> *e* [f](g) # h\n\ni')).toBe(
      'a\\|b \\`c\\` &lt;d&gt; \\*e\\* \\[f\\](g) \\# h i',
    );
    expect(escapeMarkdown('- list')).toBe('\\- list');
    expect(escapeMarkdown('1. list, 2. text, 1.5')).toBe('1\\. list, 2. text, 1.5');
    expect(preformatted('</pre><b>```\n\nx')).toBe('<pre>&lt;/pre&gt;&lt;b&gt;```\n\nx</pre>');
    expect(code('\u001b[31ma|b')).toBe('<code>a\\|b</code>');
  });

  test('no name can break a table or a tag', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 3 }), (names) => {
        const text = summaryMarkdown(namedRun(names));
        const slowest = text.slice(text.indexOf('Slowest files and tests')).split('\n');
        for (const row of slowest.filter((line) => line.startsWith('|'))) {
          expect(row.match(/(?<!\\)(?:\\\\)*\|/g)).toHaveLength(4);
        }
        const tags = text.match(/<\/?[a-z]+>/g) ?? [];
        for (const tag of ['details', 'summary', 'pre', 'code', 'b']) {
          expect(tags.filter((found) => found === `<${tag}>`)).toHaveLength(
            tags.filter((found) => found === `</${tag}>`).length,
          );
        }
        expect(text).not.toMatch(/<(?!\/?(?:details|summary|pre|code|b|br)>)/);
      }),
    );
  });

  test('leaves out the longest failures until it fits, and says so', () => {
    const builder = createReportBuilder();
    builder.node(metadataOf(1, 1));
    const texts = Array.from(
      { length: 100 },
      (_, index) => `Error ${index}: ${'é\n'.repeat(index === 7 ? 9000 : 300)}`,
    );
    for (const [index, text] of texts.entries()) {
      const failed = testOf([`test ${index}`], 'failed', { failureMessages: [text] });
      builder.file(1, outcomeOf({ path: `file-${index}` }, [failed]));
    }
    builder.end(1, endOf(10), exitOf());
    const report = builder.finish({ proof: verdictOf(1), exitCode: 1 });
    const whole = summaryMarkdown(report);
    expect(whole).not.toContain('left out here');

    const shorter = summaryMarkdown(report, Buffer.byteLength(whole) - 10_000);
    expect(Buffer.byteLength(shorter)).toBeLessThanOrEqual(Buffer.byteLength(whole) - 10_000);
    expect(shorter).toContain('_1 failure omitted here');
    expect(shorter).not.toContain('<b>test 7</b>');
    expect(shorter).toContain('<b>test 8</b>');

    for (const limit of [60_000, 20_000, 8_000]) {
      expect(Buffer.byteLength(summaryMarkdown(report, limit))).toBeLessThanOrEqual(limit);
    }
  });

  test('a large run stays within what GitHub accepts', () => {
    const builder = createReportBuilder();
    builder.node(metadataOf(1, 1));
    for (let index = 0; index < 900; index++) {
      const failed = testOf([`test ${index}`], 'failed', { failureMessages: [`Error: ${'long line '.repeat(190)}`] });
      builder.file(1, outcomeOf({ path: `src/file-${index}.test.js` }, [failed]));
    }
    builder.end(1, endOf(10), exitOf());
    const text = summaryMarkdown(builder.finish({ proof: verdictOf(1), exitCode: 1 }));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(SUMMARY_LIMIT_BYTES);
    expect(text).toMatch(/^## ❌ Failed/);
    expect(text).toContain('failures omitted here');
  });
});
