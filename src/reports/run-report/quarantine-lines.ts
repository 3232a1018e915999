/** The part of the summary that names failed tests which do not decide. */
import { heldHeadline } from '../node/held-text';
import { formatCount } from '../terminal/format';
import { colorsOf, type Terminal } from '../terminal/terminal';
import { printable, wrapText } from '../terminal/text-width';
import { quarantinedError, quarantinedName } from './quarantine-text';
import type { RunReport } from './run-report';

const SHOWN = 10;

/** Nothing where nothing was held back. */
export function quarantineLines(report: RunReport, terminal: Terminal): string[] {
  const { quarantined = [] } = report;
  if (quarantined.length === 0) return [];
  const { bold, yellow } = colorsOf(terminal);
  const hidden = quarantined.length - SHOWN;
  const wrap = (text: string, first: string) =>
    wrapText(printable(text), terminal.columns, { first, others: `${first}  ` });
  return [
    bold(heldHeadline(quarantined.length)),
    ...quarantined
      .slice(0, SHOWN)
      .flatMap((one) => [
        ...wrap(quarantinedName(report, one), '  ').map(yellow),
        ...(one.messages.length === 0 ? [] : wrap(quarantinedError(one), '    ')),
      ]),
    ...(hidden > 0 ? [`  and ${formatCount(hidden)} more`] : []),
  ];
}
