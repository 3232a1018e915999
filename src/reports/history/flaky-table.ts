/** What `jest-distributed flaky` prints: what passed and failed on one commit, most failures first. */

import { errorLine } from '../../blob/error-line';
import type { FlakyEntry } from '../../queue/history';
import { formatCount, formatShare } from '../terminal/format';
import { agoText, formatAgo } from '../terminal/relative-time';
import { alignRows, type Column, cell } from '../terminal/table';
import { colorsOf, signsOf, type Terminal } from '../terminal/terminal';
import { printable, wrapText } from '../terminal/text-width';
import { byPipeline } from './by-pipeline';
import { findingText } from './campaign-text';
import { fileOrTestName } from './subject-name';

const columns: readonly Column[] = [
  { title: 'failed', align: 'right' },
  { title: 'of', align: 'right' },
  { title: 'share', align: 'right', optional: true },
  { title: 'commits', align: 'right', optional: true },
  { title: 'last', align: 'right' },
];

/** Runs are counted on the commits where both happened, so the share is how often it fails where it need not. */
export function flakyTable(entries: readonly FlakyEntry[], terminal: Terminal, nowMs: number): string[] {
  const { red } = colorsOf(terminal);
  return byPipeline(entries, terminal, (ofPipeline) => {
    const rows = ofPipeline.map((entry) => ({
      cells: [
        cell(formatCount(entry.failed), red),
        cell(formatCount(entry.failed + entry.passed)),
        cell(formatShare(entry.failed / (entry.failed + entry.passed))),
        cell(formatCount(entry.commits)),
        cell(formatAgo(entry.lastAt, nowMs)),
      ],
      rest: (width: number) => cell(fileOrTestName(entry, width, terminal)),
    }));
    const [titles = '', ...lines] = alignRows(columns, rows, terminal, {
      indent: '  ',
      restTitle: `file ${signsOf(terminal).pointer} test`,
      restMinimum: 24,
      restMaximum: terminal.columns,
    });
    return [
      titles,
      ...lines.flatMap((line, index) => [line, ...belowLines(ofPipeline[index] as FlakyEntry, terminal, nowMs)]),
    ];
  });
}

/** The error of its last failure: those of long ago may be mended. Then what the last campaign says of it. */
function belowLines({ failures, lastCampaign }: FlakyEntry, terminal: Terminal, nowMs: number): string[] {
  const last = failures.find(({ error }) => error !== null);
  const where = last?.node === null || last === undefined ? '' : ` (node ${last.node})`;
  const text = last === undefined ? 'its error was not kept' : `${errorLine(last.error ?? '')}${where}`;
  const ground =
    lastCampaign === null ? [] : [`${findingText(lastCampaign)} (${agoText(lastCampaign.finishedAt, nowMs)})`];
  return [text, ...ground].flatMap((line) =>
    wrapText(printable(line), terminal.columns, { first: '      ', others: '        ' }),
  );
}
