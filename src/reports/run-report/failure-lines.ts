/** The part of the summary that lists what went wrong. */

import { withCode } from '../../errors';
import { fileName } from '../../plan/item';
import { type Finding, foldFindings, listNodes } from '../../proof/finding';
import { helpCommand } from '../../shell/help-command';
import { withRunner } from '../../shell/runner';
import { repeatLines } from '../terminal/command-lines';
import { countOf, formatCount } from '../terminal/format';
import { colorsOf, type Terminal } from '../terminal/terminal';
import { printable, wrapText } from '../terminal/text-width';
import { failureNodes } from './failure-nodes';
import { isWrong } from './notable-nodes';
import { failedOf, repeatCommands } from './reproduce-failures';
import type { ReportFailure, RunReport } from './run-report';

const failuresShown = 10;
const itemsShown = 5;

/** Without tracebacks: the replayed run has just printed them. */
export function failureLines(report: RunReport, terminal: Terminal): string[] {
  const { bold, red } = colorsOf(terminal);
  const { failures, omitted } = report;
  if (failures.length === 0) return [];
  const shown = failures.slice(0, failuresShown);
  const hidden = failures.length - shown.length + omitted.failures;
  return [
    bold('failures'),
    ...shown.flatMap((failure) =>
      wrapText(printable(failureName(report, failure)), terminal.columns, { first: '  ', others: '    ' }).map(red),
    ),
    ...(hidden > 0 ? [`  and ${formatCount(hidden)} more`] : []),
    ...repeatLines(repeatCommands(failedOf(report), failures.length + omitted.failures, report.run.repeat), terminal),
  ];
}

/** `src/a.test.js: cart adds (node 2)`; where it was tried more than once, how often. */
function failureName(report: RunReport, failure: ReportFailure): string {
  const { files, tests, retries } = report;
  const { file, test } = failure;
  const retry = test === null ? undefined : retries.find((one) => one.test === test);
  const tries = retry === undefined ? '' : `, ${countOf(retry.executions, 'try', 'tries')}`;
  const place = files[file];
  const named = test === null ? undefined : tests[test];
  const path = place === undefined ? '' : fileName(place);
  return `${path}: ${named === undefined ? 'failed to run' : named.titles.join(' › ')} (${listNodes(failureNodes(report, failure))}${tries})`;
}

/** A message that names the first of them is followed by no list of the others; one alone is where it is about. */
const isListed = (message: string, items: readonly string[]): boolean =>
  items.length < 2 || items.some((item) => message.includes(item));

/** Without the list that may follow. */
const factOf = ({ message, code }: Finding): string => withCode(message.split('\n', 1).join(''), code);

export function findingLines({ verdict, nodes }: Pick<RunReport, 'verdict' | 'nodes'>, terminal: Terminal): string[] {
  const { red, yellow } = colorsOf(terminal);
  const important = verdict.findings.filter(({ severity }) => severity !== 'note');
  const folded = foldFindings(important);
  const lines = folded.flatMap(({ finding: { code, severity, message, remedy, items }, consequences }) => {
    const paint = severity === 'error' ? red : yellow;
    const wrap = (text: string, first: string) =>
      text.split('\n').flatMap((part, index) => {
        const others = first.length > 4 ? `${first}  ` : '    ';
        return wrapText(printable(part), terminal.columns, { first: index === 0 ? first : others, others });
      });
    // Lines to copy stay as they are: broken by us they would no longer be what they say.
    const advise = (line: string) => (/^ {2}/.test(line) ? [`    ${printable(line)}`] : wrap(line, '    '));
    const named = isListed(message, items) ? [] : items.slice(0, itemsShown);
    const hidden = named.length === 0 ? 0 : items.length - named.length;
    return [
      ...wrap(`${severity}: ${withCode(message, code)}`, '  ').map((line) => paint(line)),
      ...named.flatMap((item) => wrap(item, '    ')),
      ...(hidden > 0 ? [`    and ${formatCount(hidden)} more`] : []),
      ...(remedy === '' ? [] : remedy.split('\n').flatMap(advise)),
      ...(consequences.length === 0 ? [] : ['    Because of this:']),
      ...consequences.flatMap((one) => wrap(factOf(one), '      ')),
    ];
  });
  // The finding about a node that did not report has its remedy with it.
  const repeats = nodes
    .filter((node) => node.state === 'complete' && isWrong(node))
    .flatMap(({ number, repeat }) => (repeat === null ? [] : [{ what: `node ${number}`, words: repeat }]));
  const codes = [...new Set(folded.map(({ finding }) => finding.code))];
  const more = codes.length === 0 ? [] : [`  more: ${withRunner(helpCommand(codes), terminal.runner ?? 'npx')}`];
  return [...lines, ...more, ...repeatLines(repeats.slice(0, 3), terminal)];
}
