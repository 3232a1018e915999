/** The part of the summary that lists what passed only on a later try. */
import { errorLine } from '../../blob/error-line';
import { countOf, formatCount } from '../terminal/format';
import { colorsOf, type Terminal } from '../terminal/terminal';
import { printable, wrapText } from '../terminal/text-width';
import { stripEscapes } from './escape-codes';
import type { ReportRetry, ReportTry } from './run-report';
import {
  firstError,
  flakyHeadline,
  flakyRetries,
  isPrintedInFull,
  outcomeText,
  retryName,
  type TriesReport,
  tryText,
} from './tries-view';

const SHOWN = 10;

/** Lines of one error; the report page has all of them. */
const ERROR_LINES = 30;

/** Nothing where nothing was flaky. */
export function flakyLines(report: TriesReport, terminal: Terminal): string[] {
  const { bold, yellow } = colorsOf(terminal);
  const headline = flakyHeadline(report);
  if (headline === null) return [];
  const flaky = flakyRetries(report);
  const hidden = flaky.length - SHOWN;
  return [
    ...wrapText(headline, terminal.columns, { others: '  ' }).map(bold),
    ...flaky.slice(0, SHOWN).flatMap((retry) => [
      ...wrapText(printable(`${retryName(retry)} (${outcomeText(report, retry)})`), terminal.columns, {
        ...{ first: '  ', others: '    ' },
      }).map(yellow),
      ...errorLines(report, retry, terminal),
    ]),
    ...(hidden > 0 ? [`  and ${formatCount(hidden)} more`] : []),
  ];
}

function errorLines(report: TriesReport, retry: ReportRetry, terminal: Terminal): string[] {
  const wrap = (text: string) => wrapText(printable(text), terminal.columns, { first: '    ', others: '      ' });
  if (!retry.tries.some(isPrintedInFull)) return wrap(firstError(retry));
  return retry.tries.flatMap((one, place) => {
    const heading = tryText(report, one, place);
    if (!isPrintedInFull(one)) {
      return wrap(one.messages.length === 0 ? heading : `${heading}: ${errorLine(one.messages[0] ?? '')}`);
    }
    return [
      ...wrap(one.messages.length === 0 ? `${heading}; its error was not kept` : heading),
      ...fullLines(one, terminal),
    ];
  });
}

/** Without the colours of the nodes: cut to the terminal they would look like its own. */
function fullLines({ messages }: ReportTry, terminal: Terminal): string[] {
  const lines = messages.flatMap((text) => stripEscapes(text).split('\n'));
  const hidden = lines.length - ERROR_LINES;
  const shown = lines.slice(0, ERROR_LINES).flatMap((line) => {
    const text = printable(line.trimEnd());
    const own = text.trimStart();
    const first = `      ${text.slice(0, text.length - own.length)}`;
    return own === '' ? [''] : wrapText(own, terminal.columns, { first, others: `${first}  ` });
  });
  return hidden > 0 ? [...shown, `      … ${countOf(hidden, 'more line')}`] : shown;
}
