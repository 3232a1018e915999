/** Findings as the terminal shows them. */
import { expect, test } from '@jest/globals';
import type { Finding, FindingCode } from '../../../src/proof/finding';
import { findingLines } from '../../../src/reports/run-report/failure-lines';
import { log } from '../sample-plan';
import { sampleRun } from './sample-run';

const finding = (code: FindingCode, message: string, items: readonly string[], remedy = ''): Finding => ({
  ...{ code, severity: 'error', message, remedy, nodes: [], items },
});

const names = (count: number) => Array.from({ length: count }, (_, index) => `src/${index + 1}.test.js`);

function linesOf(...findings: Finding[]): string[] {
  const report = sampleRun({ nodes: 1, files: 1, testsPerFile: 1, findings });
  return findingLines({ ...report, nodes: [] }, { ...log, columns: 200 });
}

test('a message that names the first few is followed by no list of the others', () => {
  const message = '7 files never ran: src/1.test.js, src/2.test.js and 5 more.';
  expect(linesOf(finding('missing-items', message, names(7), 'Run them.'))).toEqual([
    `  error: ${message} [missing-items]`,
    '    Run them.',
    '  more: npx jest-distributed help missing-items',
  ]);
});

test('a list that the message has not stands beside the advice, and says what it leaves out', () => {
  expect(linesOf(finding('run-unknown', 'Nobody knows.', names(7), 'Say it.'))).toEqual([
    '  error: Nobody knows. [run-unknown]',
    ...names(5).map((name) => `    ${name}`),
    '    and 2 more',
    '    Say it.',
    '  more: npx jest-distributed help run-unknown',
  ]);
});

test('each code stands once behind "more", all of them', () => {
  const codes = ['inputs-differ', 'files-differ', 'files-differ', 'plans-differ', 'missing-items'] as const;
  expect(linesOf(...codes.map((code) => finding(code, 'So it is.', []))).at(-1)).toBe(
    '  more: npx jest-distributed help inputs-differ files-differ plans-differ missing-items',
  );
});

test('lines of a message stand beside the advice too', () => {
  expect(linesOf(finding('files-differ', 'They differ.\n    a.test.js: not here', [], 'Mend it.')).slice(0, 3)).toEqual(
    ['  error: They differ. [files-differ]', '    a.test.js: not here', '    Mend it.'],
  );
});

test('what comes of a finding stands below it, without its own advice, list and code behind "more"', () => {
  const cause = finding('calls-differ', 'Jest calls differ.', [], 'Give all the same.');
  const effects = [
    finding('files-differ', 'They differ.\n    a.test.js: not here', [], 'Correct calls-differ first (above).'),
    finding('missing-items', '7 files never ran.', names(7), 'Correct calls-differ first (above).'),
  ].map((one): Finding => ({ ...one, cause: 'calls-differ' }));
  expect(linesOf(cause, finding('bailed', 'It bailed.', [], 'Look.'), ...effects)).toEqual([
    '  error: Jest calls differ. [calls-differ]',
    '    Give all the same.',
    '    Because of this:',
    '      They differ. [files-differ]',
    '      7 files never ran. [missing-items]',
    '  error: It bailed. [bailed]',
    '    Look.',
    '  more: npx jest-distributed help calls-differ bailed',
  ]);
});
