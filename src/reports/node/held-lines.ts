/** Which failed tests of the quarantine did not decide. */
import { formatCount } from '../terminal/format';
import { colorsOf, type Terminal } from '../terminal/terminal';
import { printable, wrapText } from '../terminal/text-width';
import { type HeldView, heldDetail, heldHeadline } from './held-text';

const SHOWN = 10;

/** Nothing where nothing was held back. */
export function heldLines(held: readonly HeldView[], terminal: Terminal): string[] {
  if (held.length === 0) return [];
  const { yellow } = colorsOf(terminal);
  const hidden = held.length - SHOWN;
  return [
    ...wrapText(`jest-distributed: ${heldHeadline(held.length)}:`, terminal.columns, { others: '  ' }).map(yellow),
    ...held
      .slice(0, SHOWN)
      .flatMap((one) =>
        wrapText(printable(`${one.name} (${heldDetail(one)})`), terminal.columns, { first: '  ', others: '    ' }),
      ),
    ...(hidden > 0 ? [`  and ${formatCount(hidden)} more`] : []),
  ];
}
