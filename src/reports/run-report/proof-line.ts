/** The last line of `verify`. */

import { countErrors, isOfOtherCheckout } from '../../proof/finding';
import type { Verdict } from '../../proof/proof';
import { databaseText } from '../../proof/queue-answer';
import { countOf } from '../terminal/format';
import { colorsOf, type Terminal } from '../terminal/terminal';

export function proofLine({ ok, findings, counts, database }: Verdict, terminal: Terminal): string {
  const { green, red, bold } = colorsOf(terminal);
  const ran = `${counts.ranOnce} of ${countOf(counts.items, 'item')} ran exactly once`;
  const word = databaseText(database);
  const where = `${counts.accepted} of ${countOf(counts.nodes, 'node')}, ${countOf(counts.tests, 'test')}${word === null ? '' : `; ${word}`}`;
  if (ok && findings.some(({ code }) => code === 'nothing-to-run')) {
    return `${bold(green('proven'))}: there was nothing to run (${counts.accepted} of ${countOf(counts.nodes, 'node')})`;
  }
  if (ok) return `${bold(green('proven'))}: ${ran} (${where})`;
  const why = isOfOtherCheckout(findings)
    ? 'the nodes ran another version of the code than is here; of that'
    : `${countOf(countErrors(findings), 'error')};`;
  return `${bold(red('NOT PROVEN'))}: ${why} ${ran} (${where})`;
}
